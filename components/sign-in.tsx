import { useSyncExternalStore } from 'react';
import { pathOf, tabLocation } from '@/lib/browser/tab-location';
import { PasswordForm } from './password-form';

export type SignInProps = {
  readonly hasPassword: boolean;
  /** The identity provider, and the address that leads there when the page to come back to is added. */
  readonly provider: { readonly host: string; readonly url: string } | null;
  /** What became of the last try. */
  readonly problem: string | null;
};

/**
 * The ways to sign in that there are. They come when the page can answer: a form that is sent before that would put the
 * password into the address, and the link would forget the chat that was asked for.
 */
export function SignIn({ hasPassword, provider, problem }: SignInProps) {
  const page = useSyncExternalStore(waitForNothing, readPage, () => null);
  return (
    <main className="column pt-[clamp(1.5rem,9vh,6rem)]">
      <h1 className="font-serif text-[2.1rem] leading-[1.15] tracking-[-0.015em]">Sign in to Rivulet</h1>
      <p className="mt-4 text-muted">
        {provider ? 'This chat is for its members.' : 'This chat is for those who have its password.'}
      </p>
      {page !== null && (
        <div className="mt-8 flex max-w-sm flex-col gap-5">
          {provider && <ProviderLink host={provider.host} href={`${provider.url}${encodeURIComponent(page)}`} />}
          {provider && problem && <p className="text-error text-sm">{problem}</p>}
          {provider && hasPassword && <Or />}
          {hasPassword && <PasswordForm isAlone={!provider} />}
        </div>
      )}
    </main>
  );
}

/** To leave this page's address is to leave the page. */
const waitForNothing = () => () => {};

const readPage = () => pathOf(tabLocation.chatId());

function ProviderLink({ host, href }: { readonly host: string; readonly href: string }) {
  return (
    <a
      href={href}
      className="flex min-h-10 items-center justify-center rounded-lg bg-river px-4 py-2 text-center font-medium text-on-river text-sm transition-opacity wrap-anywhere hover:opacity-90 pointer-coarse:min-h-11"
    >
      Sign in with {host}
    </a>
  );
}

function Or() {
  return (
    <p className="flex items-center gap-3 text-muted text-sm">
      <span className="h-px flex-1 bg-line" />
      or
      <span className="h-px flex-1 bg-line" />
    </p>
  );
}
