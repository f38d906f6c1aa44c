/** For an address that is none of ours. */
export default function NotFound() {
  return (
    <main className="column pt-[clamp(1.5rem,9vh,6rem)]">
      <h1 className="font-serif text-[2.1rem] leading-[1.15] tracking-[-0.015em]">There is nothing here</h1>
      <p className="mt-4 text-muted">
        The address leads nowhere.{' '}
        <a href="/" className="text-river underline underline-offset-4">
          Begin a chat
        </a>
      </p>
    </main>
  );
}
