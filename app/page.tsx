import { headers } from 'next/headers';
import { Chat } from '@/components/chat';
import { Closed } from '@/components/closed';
import { Entrance } from '@/components/entrance';
import { findRefusal } from '@/lib/server/admission';
import { canSignOut, describeEntrance, describeHealth, listModels, listSuggestions } from '@/lib/server/public-config';

type PageProps = { readonly searchParams: Promise<{ readonly problem?: unknown }> };

export default async function Page({ searchParams }: PageProps) {
  // Asked for at each request, so the settings are those of the running server too, not of the build.
  const given = await headers();
  const refusal = await findRefusal(given);
  if (refusal === 'access_closed') return <Closed />;
  if (refusal === 'not_signed_in') return <Entrance {...describeEntrance((await searchParams).problem)} />;
  const { models, default: defaultModel, titleModel } = listModels();
  return (
    <Chat
      models={models}
      defaultModel={defaultModel}
      titleModel={titleModel}
      isSimulated={describeHealth().mode === 'demo'}
      suggestions={listSuggestions()}
      isChatNamed={given.has('x-rivulet-chat')}
      canSignOut={canSignOut()}
    />
  );
}
