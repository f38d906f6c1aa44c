import { chatSettingsOf } from '@/lib/browser/preferences';
import type { ChatSettings } from '@/lib/chat/chat-settings';
import type { Message } from '@/lib/chat/chat-state';
import type { ModelInfo } from '@/lib/protocol/models';
import { AskingSettings } from './asking-settings';
import { ChatUse } from './chat-use';
import { SettingsSection } from './setting';
import { Sheet } from './sheet';

export type ChatOptionsProps = {
  readonly isOpen: boolean;
  readonly models: readonly ModelInfo[];
  readonly settings: ChatSettings & { readonly model: string };
  /** Every turn of the chat, and those that are shown. */
  readonly messages: readonly Message[];
  readonly shown: readonly Message[];
  readonly isSimulated: boolean;
  readonly onChange: (settings: ChatSettings) => void;
  readonly onClose: () => void;
};

/** How Claude answers in this chat, and what that has taken so far. */
export function ChatOptions(props: ChatOptionsProps) {
  const { isOpen, models, settings, messages, shown, isSimulated, onChange, onClose } = props;
  const { model, thinking = null, effort = null, system = '' } = settings;
  return (
    <Sheet title="This chat" isOpen={isOpen} onClose={onClose}>
      <SettingsSection title="How Claude answers">
        <AskingSettings
          models={models}
          defaultModel={model}
          hasDefault={false}
          asking={{ model, thinks: thinking, effort, system }}
          instructionsHint="What Claude is told before this chat. A change holds from the next answer on."
          onChange={(changes) => onChange(chatSettingsOf(changes))}
        />
      </SettingsSection>
      <ChatUse
        messages={messages}
        shown={shown}
        model={models.find(({ id }) => id === model)}
        isSimulated={isSimulated}
      />
    </Sheet>
  );
}
