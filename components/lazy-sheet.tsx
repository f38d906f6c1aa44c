import { type ComponentType, useEffect, useState, useSyncExternalStore } from 'react';
import { whenIdle } from '@/lib/browser/idle';
import { CloseButton } from './close-button';
import type { Lazy } from './lazy';

type LazySheetProps<Props> = {
  readonly sheet: Lazy<ComponentType<Props>>;
  readonly props: Props;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

/** A sheet that is fetched while nobody waits for it, so that it opens at once and offline too. */
export function LazySheet<Props extends object>({ sheet, props, isOpen, onClose }: LazySheetProps<Props>) {
  const Sheet = useSyncExternalStore(sheet.subscribe, sheet.getSnapshot, () => null);
  const [hasFailed, setHasFailed] = useState(false);

  useEffect(() => whenIdle(() => void sheet.want()), [sheet]);

  useEffect(() => {
    if (!isOpen || sheet.getSnapshot()) return;
    setHasFailed(false);
    void sheet.want().then(() => setHasFailed(sheet.getSnapshot() === null));
  }, [sheet, isOpen]);

  if (Sheet) return <Sheet {...props} />;
  if (!isOpen || !hasFailed) return null;
  return (
    <div role="alert" className="toast fixed inset-x-0 bottom-4">
      <p>This could not be loaded. Try again when you are online.</p>
      <CloseButton label="Dismiss" onClick={onClose} />
    </div>
  );
}
