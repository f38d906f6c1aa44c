import { useState } from 'react';
import { askForNotifications, notificationPermission } from '@/lib/browser/notify-end';
import { preferences } from '@/lib/browser/preferences';
import { Switch } from './setting';

const HINTS: Readonly<Record<NotificationPermission | 'missing', string>> = {
  default: 'When a long answer ends while you are elsewhere. Your browser will ask you first.',
  granted: 'When a long answer ends while you are elsewhere. It never shows the answer itself.',
  denied: 'Your browser blocks notifications from this site. Allow them in its site settings, then try again.',
  missing: 'This browser has no notifications for pages.',
};

/** Asks for the permission when it is switched on, and never before. */
export function NotificationSetting({ notifies }: { readonly notifies: boolean }) {
  const [permission, setPermission] = useState(notificationPermission);
  const change = async (isOn: boolean) => {
    if (!isOn) return preferences.set({ notifies: false });
    const answer = await askForNotifications();
    setPermission(answer);
    preferences.set({ notifies: answer === 'granted' });
  };
  return (
    <Switch
      label="Notify me"
      isOn={notifies && permission === 'granted'}
      isPossible={permission !== null}
      onSwitch={(isOn) => void change(isOn)}
    >
      {HINTS[permission ?? 'missing']}
    </Switch>
  );
}
