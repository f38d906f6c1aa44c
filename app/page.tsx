import { headers } from 'next/headers';
import { Chat } from '@/components/chat';
import { describeHealth, listModels, listSuggestions } from '@/lib/server/public-config';

export default async function Page() {
  // Asked for at each request, so the settings are those of the running server too, not of the build.
  const isChatNamed = (await headers()).has('x-rivulet-chat');
  const { models, default: defaultModel, titleModel } = listModels();
  return (
    <Chat
      models={models}
      defaultModel={defaultModel}
      titleModel={titleModel}
      isSimulated={describeHealth().mode === 'demo'}
      suggestions={listSuggestions()}
      isChatNamed={isChatNamed}
    />
  );
}
