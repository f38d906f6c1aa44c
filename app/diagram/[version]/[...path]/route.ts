import { answerMermaidFile, listMermaidFiles, type MermaidFile } from '@/lib/server/diagram';

export const dynamic = 'force-static';
export const dynamicParams = false;

export function generateStaticParams(): readonly MermaidFile[] {
  return listMermaidFiles();
}

export async function GET(_: Request, { params }: { readonly params: Promise<MermaidFile> }): Promise<Response> {
  return answerMermaidFile(await params);
}
