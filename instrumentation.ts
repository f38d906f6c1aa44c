/** Runs once when the server starts: settings that are wrong stop it here, with every problem named. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { checkConfigAtStart } = await import('@/lib/server/start-check');
  checkConfigAtStart();
}
