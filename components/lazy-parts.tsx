import type { ComponentType } from 'react';
import type { ChatOptionsProps } from './chat-options';
import type { ContextNoticeProps } from './context-notice';
import { Lazy } from './lazy';
import { LazyPart } from './lazy-part';
import type { PromptMenuProps } from './prompt-menu';
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
  return <LazyPart part={settingsDialog} props={props} isOpen={props.openAt !== null} onClose={props.onClose} />;
}

/** What was chosen for the shown chat. */
export function ChatOptionsSheet(props: ChatOptionsProps) {
  return <LazyPart part={chatOptions} props={props} isOpen={props.isOpen} onClose={props.onClose} />;
}

const contextNotice = new Lazy<ComponentType<ContextNoticeProps>>(async () => {
  const { ContextNotice } = await import('./context-notice');
  return ContextNotice;
});

/** How full the context of the shown chat is. */
export function ContextNoticePart(props: ContextNoticeProps) {
  const { run, clear } = props.summary;
  return <LazyPart part={contextNotice} props={props} isOpen={run !== null} onClose={clear} />;
}

const promptMenu = new Lazy<ComponentType<PromptMenuProps>>(async () => {
  const { PromptMenu } = await import('./prompt-menu');
  return PromptMenu;
});

/** The prompts over the composer. */
export function PromptMenuPart(props: PromptMenuProps) {
  return <LazyPart part={promptMenu} props={props} isOpen={props.menu.isShown} onClose={props.menu.close} />;
}
