import { resumeReply, stopReply } from '@/lib/server/known-reply';
import { otherMethods } from '@/lib/server/other-methods';

export const dynamic = 'force-dynamic';
/** Seconds: as for the route that begins a reply. */
export const maxDuration = 300;

type Context = { readonly params: Promise<{ replyId: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return resumeReply(request, (await params).replyId);
}

export async function DELETE(request: Request, { params }: Context): Promise<Response> {
  return stopReply(request, (await params).replyId);
}

export const { HEAD, POST, PUT, PATCH, OPTIONS } = otherMethods('GET', 'DELETE');
