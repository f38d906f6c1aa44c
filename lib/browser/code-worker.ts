import type { CodeAnswer, CodeRequest } from './code-message';
import { type ColourLines, openCode } from './code-tokenizer';

const blocks = new Map<number, Promise<ColourLines>>();

/** Away from the page: to compile one pattern of a grammar can take longer than several frames. */
addEventListener('message', async ({ data }: MessageEvent<CodeRequest>) => {
  if (data.type === 'open') {
    const opened = openCode(data.language);
    // Whoever sends lines hears of it.
    opened.catch(() => {});
    blocks.set(data.blockId, opened);
  } else if (data.type === 'close') blocks.delete(data.blockId);
  else answer({ blockId: data.blockId, colours: await colour(data.blockId, data.lines) });
});

const answer = (message: CodeAnswer) => postMessage(message);

async function colour(blockId: number, lines: readonly string[]): Promise<CodeAnswer['colours']> {
  try {
    const colourLines = await blocks.get(blockId);
    return colourLines?.(lines) ?? null;
  } catch {
    return null;
  }
}
