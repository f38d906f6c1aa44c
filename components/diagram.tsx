import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import { watchColours } from '@/lib/browser/appearance';
import { diagramConfig } from '@/lib/browser/diagram-config';
import type { Drawn } from '@/lib/browser/diagram-message';
import { type DiagramEnd, DiagramSession } from '@/lib/browser/diagram-session';
import { readDiagramColours } from '@/lib/browser/diagram-theme';

type DiagramProps = {
  readonly text: string;
  /** What has been drawn; until then the frame has room, but is not seen. */
  readonly drawn: Drawn | null;
  readonly onEnd: (end: DiagramEnd) => void;
};

/** A diagram, in a frame without an origin: neither the diagram nor what draws it can reach the page. */
export function Diagram({ text, drawn, onEnd }: DiagramProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const connect = useDrawing(frame, text, onEnd);
  return (
    <iframe
      ref={frame}
      src="/diagram"
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      title={drawn?.title ? `Diagram: ${drawn.title}` : 'Diagram'}
      onLoad={connect}
      data-drawn={drawn ? '' : undefined}
      style={{ height: drawn?.height }}
      className="diagram"
    />
  );
}

/** Gives what is to be called when the page in the frame is there. */
function useDrawing(frame: RefObject<HTMLIFrameElement | null>, text: string, onEnd: (end: DiagramEnd) => void) {
  const session = useRef<DiagramSession>(null);
  const tell = useEffectEvent(onEnd);
  const order = () => ({ text, config: diagramConfig(readDiagramColours(getComputedStyle(document.documentElement))) });
  const redraw = useEffectEvent(() => session.current?.draw(order()));
  useEffect(() => {
    const opened = new DiagramSession({ tell });
    session.current = opened;
    const leaveColours = watchColours(redraw);
    return () => {
      leaveColours();
      opened.close();
    };
  }, []);
  return () => {
    const { port1, port2 } = new MessageChannel();
    // A frame without an origin has no name but this.
    frame.current?.contentWindow?.postMessage(null, '*', [port2]);
    session.current?.connect(port1, order());
  };
}
