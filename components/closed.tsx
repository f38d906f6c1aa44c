/** For whoever is not served: what its operator has to do, for that may be who looks at it. */
export function Closed() {
  return (
    <main className="column pt-[clamp(1.5rem,9vh,6rem)]">
      <h1 className="font-serif text-[2.1rem] leading-[1.15] tracking-[-0.015em]">This chat is closed</h1>
      <p className="mt-4 max-w-[36rem] text-muted">
        It has a key to Claude and no password, so it answers nobody but the machine that it runs on.
      </p>
      <h2 className="mt-9 font-medium text-sm">If it is yours</h2>
      <ul className="mt-2 flex max-w-[36rem] list-disc flex-col gap-2 ps-5 text-muted">
        <li>
          Set <code>ACCESS_PASSWORD</code> to let those in who have the password. On Vercel, set{' '}
          <code>SESSION_SECRET</code> too: 32 characters or more that nobody can guess.
        </li>
        <li>
          Or set <code>OIDC_ISSUER</code>, <code>OIDC_CLIENT_ID</code> and <code>PUBLIC_URL</code>, so that people sign
          in with an identity provider.
        </li>
        <li>
          Or set <code>ALLOW_PUBLIC=1</code> to let everybody spend your key.
        </li>
        <li>
          On the same machine, open <code>http://localhost</code> with the port that it was started with, without a
          proxy in between.
        </li>
      </ul>
    </main>
  );
}
