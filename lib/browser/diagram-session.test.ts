import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { diagramConfig } from './diagram-config';
import type { DiagramNews, DiagramOrder } from './diagram-message';
import { type DiagramEnd, DiagramSession } from './diagram-session';
import { readDiagramColours } from './diagram-theme';

const config = diagramConfig(
  readDiagramColours({ colorScheme: 'light', getPropertyValue: () => '#000000' } as unknown as CSSStyleDeclaration),
);
const ORDER: DiagramOrder = { text: 'flowchart TD', config };
const DRAWN = { type: 'drawn', height: 10, title: 'A' } as const;

/** A port whose other end is played by the test. */
function standInForPort() {
  const posted: DiagramOrder[] = [];
  const port = {
    onmessage: null as ((event: { readonly data: unknown }) => void) | null,
    isClosed: false,
    postMessage: (order: DiagramOrder) => void posted.push(order),
    close: () => {
      port.isClosed = true;
    },
  };
  const tell = (news: DiagramNews | string) => port.onmessage?.({ data: news });
  return { port, posted, tell, asPort: port as unknown as MessagePort };
}

function open() {
  const ends: DiagramEnd[] = [];
  const session = new DiagramSession({ tell: (end) => ends.push(end) });
  return { ends, session, frame: standInForPort() };
}

describe('a talk with a frame that draws', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives the order, and tells of the drawing', () => {
    const { ends, session, frame } = open();
    session.connect(frame.asPort, ORDER);
    expect(frame.posted).toEqual([ORDER]);
    for (const type of ['begun', 'loaded'] as const) frame.tell({ type });
    frame.tell(DRAWN);
    vi.advanceTimersByTime(1_000_000);
    expect(ends).toEqual([DRAWN]);
  });

  it('tells of another height, and of a mistake', () => {
    const { ends, session, frame } = open();
    session.connect(frame.asPort, ORDER);
    const higher = { ...DRAWN, height: 20 };
    const mistake = { type: 'failed', problem: 'syntax', line: 2 } as const;
    for (const news of [DRAWN, higher, 'nonsense', mistake]) frame.tell(news);
    expect(ends).toEqual([DRAWN, higher, mistake]);
  });

  it.each([
    ['whose page does not come', [], 10_000, 'unloaded'],
    ['that does not get what it needs', [{ type: 'begun' }], 30_000, 'unloaded'],
    ['that does not come to an end', [{ type: 'begun' }, { type: 'loaded' }], 10_000, 'too-slow'],
  ] as const)('gives up a frame %s', (_, news, limitMs, problem) => {
    const { ends, session, frame } = open();
    if (news.length > 0) session.connect(frame.asPort, ORDER);
    for (const each of news) frame.tell(each);
    vi.advanceTimersByTime(limitMs - 1);
    expect(ends).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ends).toEqual([{ type: 'failed', problem }]);
    expect(frame.port.isClosed).toBe(news.length > 0);
  });

  it('draws again in the same frame, within the same limits', () => {
    const { ends, session, frame } = open();
    session.draw(ORDER);
    session.connect(frame.asPort, ORDER);
    frame.tell(DRAWN);
    session.draw({ ...ORDER, text: 'pie' });
    expect(frame.posted.map(({ text }) => text)).toEqual(['flowchart TD', 'pie']);
    frame.tell({ type: 'loaded' });
    vi.advanceTimersByTime(10_000);
    expect(ends).toEqual([DRAWN, { type: 'failed', problem: 'too-slow' }]);
  });

  it('is silent when it is closed', () => {
    const { ends, session, frame } = open();
    session.connect(frame.asPort, ORDER);
    session.close();
    vi.advanceTimersByTime(1_000_000);
    expect(frame.port.isClosed).toBe(true);
    expect(ends).toEqual([]);
  });
});
