import { type ComponentType, useEffect, useState, useSyncExternalStore } from 'react';
import { whenIdle } from '@/lib/browser/idle';
import { CloseButton } from './close-button';
import { Lazy } from './lazy';
import type { SettingsDialogProps } from './settings-dialog';

const dialog = new Lazy<ComponentType<SettingsDialogProps>>(async () => {
  const { SettingsDialog } = await import('./settings-dialog');
  return SettingsDialog;
});

/** The settings, fetched while nobody waits for them, so that they open at once and offline too. */
export function Settings(props: SettingsDialogProps) {
  const { openAt, onClose } = props;
  const isOpen = openAt !== null;
  const Dialog = useSyncExternalStore(dialog.subscribe, dialog.getSnapshot, () => null);
  const [hasFailed, setHasFailed] = useState(false);

  useEffect(() => whenIdle(() => void dialog.want()), []);

  useEffect(() => {
    if (!isOpen || dialog.getSnapshot()) return;
    setHasFailed(false);
    void dialog.want().then(() => setHasFailed(dialog.getSnapshot() === null));
  }, [isOpen]);

  if (Dialog) return <Dialog {...props} />;
  if (!isOpen || !hasFailed) return null;
  return (
    <div role="alert" className="toast fixed inset-x-0 bottom-4">
      <p>The settings could not be loaded. Try again when you are online.</p>
      <CloseButton label="Dismiss" onClick={onClose} />
    </div>
  );
}
