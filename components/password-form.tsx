import { type FormEvent, useRef, useState } from 'react';
import { type SignInResult, signIn } from '@/lib/browser/sign-in';
import { RetryTime } from './retry-time';

/** Asks for the password until the server has taken it and the browser has kept that. */
export function PasswordForm({ isAlone }: { readonly isAlone: boolean }) {
  const [result, setResult] = useState<SignInResult | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const fieldRef = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const { password } = Object.fromEntries(new FormData(event.currentTarget));
    if (isBusy) return;
    setIsBusy(true);
    setResult(null);
    const became = await signIn(String(password));
    if (became.is === 'signed-in') {
      // Without the problem of a try before this one.
      location.replace(location.pathname);
      return;
    }
    setIsBusy(false);
    setResult(became);
    fieldRef.current?.select();
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      {/* Where password managers put the name under which they keep the password. */}
      <input type="hidden" name="username" autoComplete="username" value="rivulet" />
      <label htmlFor="password" className="font-medium text-sm">
        Password
      </label>
      <div className="flex gap-2">
        <input
          ref={fieldRef}
          id="password"
          name="password"
          type="password"
          autoComplete="current-password"
          // biome-ignore lint/a11y/noAutofocus: the one thing to do on this page
          autoFocus={isAlone}
          required
          maxLength={1000}
          aria-describedby="sign-in-problem"
          className="field h-10 min-w-0 flex-1 text-base pointer-coarse:h-11"
        />
        <button
          type="submit"
          aria-disabled={isBusy}
          className="h-10 rounded-lg bg-river px-4 font-medium text-on-river text-sm transition-opacity hover:opacity-90 aria-disabled:opacity-60 pointer-coarse:h-11"
        >
          Sign in
        </button>
      </div>
      <p id="sign-in-problem" role="status" className="min-h-6 text-error text-sm">
        <Problem result={result} />
      </p>
    </form>
  );
}

function Problem({ result }: { readonly result: SignInResult | null }) {
  if (result?.is === 'not-kept') {
    return 'The password is right, but this browser did not keep the sign-in. Open the page over https, and allow its cookies.';
  }
  if (result?.is !== 'refused') return null;
  const { message, retryAt } = result;
  return (
    <>
      {message} {retryAt !== null && <RetryTime retryAt={retryAt} waitSeconds={Number.POSITIVE_INFINITY} />}
    </>
  );
}
