import { useMemo, useSyncExternalStore } from 'react';
import type { DraftFiles, DraftFilesState } from '@/lib/browser/draft-files';
import type { Message } from '@/lib/chat/chat-state';
import { type Fit, fitOf } from '@/lib/chat/request-size';

/** The files of a draft as the composer sees them. */
export type ComposerFiles = {
  readonly state: DraftFilesState;
  readonly fit: Fit;
  /** `held-up`: some are still being read, or they do not fit. */
  readonly status: 'none' | 'ready' | 'held-up';
};

export function useDraftFiles(draftFiles: DraftFiles, messages: readonly Message[], text: string): ComposerFiles {
  const state = useSyncExternalStore(draftFiles.subscribe, draftFiles.getSnapshot, draftFiles.getSnapshot);
  const { attachments, pending } = state;
  const isEmpty = text.trim() === '' && attachments.length === 0;
  const fit = useMemo(
    () =>
      isEmpty ? 'fits' : fitOf(messages, { id: '', parentId: null, role: 'user', text, attachments, createdAt: 0 }),
    [messages, text, attachments, isEmpty],
  );
  const isHeldUp = pending.length > 0 || fit !== 'fits';
  return { state, fit, status: isHeldUp ? 'held-up' : attachments.length > 0 ? 'ready' : 'none' };
}
