import { connection } from 'next/server';
import { Chat } from '@/components/chat';
import { describeHealth, listModels, listSuggestions } from '@/lib/server/public-config';

export default async function Page() {
  // The settings are those of the running server, not of the build.
  await connection();
  const { models, default: defaultModel } = listModels();
  return (
    <Chat
      models={models}
      defaultModel={defaultModel}
      isSimulated={describeHealth().mode === 'demo'}
      suggestions={listSuggestions()}
    />
  );
}
