import type { ComponentType } from 'react';
import type { ChatOptionsProps } from './chat-options';
import { Lazy } from './lazy';
import { LazySheet } from './lazy-sheet';
import type { SettingsDialogProps } from './settings-dialog';

const settingsDialog = new Lazy<ComponentType<SettingsDialogProps>>(async () => {
  const { SettingsDialog } = await import('./settings-dialog');
  return SettingsDialog;
});

const chatOptions = new Lazy<ComponentType<ChatOptionsProps>>(async () => {
  const { ChatOptions } = await import('./chat-options');
  return ChatOptions;
});

/** What a person prefers in all chats. */
export function Settings(props: SettingsDialogProps) {
  return <LazySheet sheet={settingsDialog} props={props} isOpen={props.openAt !== null} onClose={props.onClose} />;
}

/** What was chosen for the shown chat. */
export function ChatOptionsSheet(props: ChatOptionsProps) {
  return <LazySheet sheet={chatOptions} props={props} isOpen={props.isOpen} onClose={props.onClose} />;
}
