/** Runs once when the server starts: settings that are wrong stop it here, with every problem named. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startServer } = await import('@/lib/server/start-server');
  startServer();
}
