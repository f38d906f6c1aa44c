import type { AssistantMessage } from '@/lib/chat/chat-state';
import { isCutShort } from '@/lib/chat/notice';
import { preferences } from './preferences';

/** An answer that has ended. */
export type EndedAnswer = {
  /** Of its chat; undefined where it has none yet. */
  readonly title: string | undefined;
  readonly message: Pick<AssistantMessage, 'id' | 'end'>;
  readonly tookMs: number;
  /** Shows its chat. */
  readonly onPress: () => void;
};

export type NotifyEnd = (answer: EndedAnswer) => void;

/** Who has waited less has not gone elsewhere. */
const LONG_MS = 10_000;

type Shown = Pick<Notification, 'close'> & { onclick: ((event: Event) => void) | null };

type World = {
  /** Shows a notification; throws where the browser has none for pages, as on Android. */
  readonly notify?: (title: string, options: NotificationOptions) => Shown;
  readonly isWanted?: () => boolean;
  readonly isHidden?: () => boolean;
  /** Brings the tab to its person. */
  readonly focus?: () => void;
  readonly onFailure?: () => void;
};

/**
 * Tells that a long answer has ended in a tab that nobody sees, where this is wanted and allowed. What is told is seen by
 * whoever is at the screen: never a word of the answer. Two tabs that tell of the same answer show one notification.
 */
export function createEndNotifier({
  notify = (title, options) => new Notification(title, options),
  isWanted = () => preferences.getSnapshot().notifies && notificationPermission() === 'granted',
  isHidden = () => document.hidden,
  focus = () => globalThis.focus(),
  // What cannot be done is not promised any longer.
  onFailure = () => preferences.set({ notifies: false }),
}: World = {}): NotifyEnd {
  return ({ title, message, tookMs, onPress }) => {
    if (tookMs < LONG_MS || !isHidden() || !isWanted()) return;
    try {
      const shown = notify(title || 'Rivulet', { body: describe(message), tag: message.id, icon: '/icon.svg' });
      shown.onclick = () => {
        shown.close();
        focus();
        onPress();
      };
    } catch {
      onFailure();
    }
  };
}

function describe(message: EndedAnswer['message']): string {
  const { status } = message.end;
  if (status === 'complete') return isCutShort(message) ? 'The answer was cut off.' : 'The answer is complete.';
  return status === 'stopped' ? 'The answer was stopped.' : 'The answer was interrupted.';
}

/** What the browser allows; null where it has no notifications. */
export function notificationPermission(): NotificationPermission | null {
  return 'Notification' in globalThis ? Notification.permission : null;
}

/** Asks the person, who may have answered before. Never rejects. */
export async function askForNotifications(): Promise<NotificationPermission | null> {
  if (!('Notification' in globalThis)) return null;
  return Notification.requestPermission().catch(() => 'denied' as const);
}
