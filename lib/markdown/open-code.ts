import type { Nodes, Root } from 'mdast';
import { startOf } from './find-cut';

/** The offset of the code at the end of a text that more lines may be added to; null where there is none. */
export function findOpenCode(tree: Root, text: string): number | null {
  let last: Nodes | undefined = tree;
  while (last && 'children' in last) last = last.children.at(-1);
  if (last?.type !== 'code') return null;
  const [opening = '', ...lines] = text.slice(startOf(last)).split('\n');
  const fence = /^(?:`{3,}|~{3,})/.exec(opening)?.[0];
  const isClosed = fence !== undefined && lines.slice(0, -1).some((line) => closes(line, fence));
  return isClosed ? null : startOf(last);
}

/** Whether a complete line ends what such a fence has begun, below whatever containers. */
function closes(line: string, fence: string): boolean {
  const end = line.replace(/^[ \t>]*/, '').trimEnd();
  return end.startsWith(fence) && end === fence.charAt(0).repeat(end.length);
}
