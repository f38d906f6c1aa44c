import type { AssistantMessage } from '@/lib/chat/chat-state';
import type { Timing, Usage } from '@/lib/protocol/reply-event';
import { CopyButton } from './copy-button';

type ReplyFooterProps = {
  readonly message: AssistantMessage;
  readonly text: string;
  /** What is drawn of the text. */
  readonly readHtml: () => string | undefined;
};

/** Under a finished reply: what it took, and a way to take it along. */
export function ReplyFooter({ message, text, readHtml }: ReplyFooterProps) {
  const { end } = message;
  if (!text && end.status !== 'complete') return null;
  return (
    <footer className="mt-2 flex flex-wrap items-center gap-x-3 ps-5 text-muted text-xs">
      {text && <CopyButton read={() => ({ text, html: readHtml() })} label="Copy message" />}
      {end.status === 'complete' && <Measured usage={end.usage} timing={end.timing} />}
    </footer>
  );
}

function Measured({ usage, timing }: { readonly usage: Usage; readonly timing: Timing }) {
  const facts = [
    timing.firstTokenMs !== null && `first token ${seconds(timing.firstTokenMs)}`,
    `total ${seconds(timing.totalMs)}`,
    `${count(usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens)} tokens in`,
    `${count(usage.outputTokens)} out`,
    usage.cacheReadTokens > 0 && `${count(usage.cacheReadTokens)} from cache`,
  ];
  return (
    <ul className="flex flex-wrap gap-x-3 tabular-nums" aria-label="Measured">
      {facts.filter(Boolean).map((fact) => (
        <li key={String(fact)}>{fact}</li>
      ))}
    </ul>
  );
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const count = (tokens: number) => tokens.toLocaleString('en-US');
