import { type ComponentType, useEffect, useState, useSyncExternalStore } from 'react';
import { whenIdle } from '@/lib/browser/idle';
import { CloseButton } from './close-button';
import type { Lazy } from './lazy';

type LazyPartProps<Props> = {
  readonly part: Lazy<ComponentType<Props>>;
  readonly props: Props;
  /** Whether somebody wants it now: then a failure is told. */
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** By then the page and its first answer have what they need. */
const PREFETCH_MS = 5000;

/** A part of the page that is fetched while nobody waits for it, so that it is there at once when it is wanted, and offline too. */
export function LazyPart<Props extends object>({ part, props, isOpen, onClose }: LazyPartProps<Props>) {
  const Part = useSyncExternalStore(part.subscribe, part.getSnapshot, () => null);
  const [hasFailed, setHasFailed] = useState(false);

  useEffect(() => {
    let cancel = () => {};
    const timer = setTimeout(() => {
      cancel = whenIdle(() => void part.want());
    }, PREFETCH_MS);
    return () => {
      clearTimeout(timer);
      cancel();
    };
  }, [part]);

  useEffect(() => {
    if (!isOpen || part.getSnapshot()) return;
    setHasFailed(false);
    void part.want().then(() => setHasFailed(part.getSnapshot() === null));
  }, [part, isOpen]);

  if (Part) return <Part {...props} />;
  if (!isOpen || !hasFailed) return null;
  return (
    <div role="alert" className="toast fixed inset-x-0 bottom-4">
      <p>This could not be loaded. Try again when you are online.</p>
      <CloseButton label="Dismiss" onClick={onClose} />
    </div>
  );
}
