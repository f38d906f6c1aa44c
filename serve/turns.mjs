/** Requests that come together on one connection. */

/** Of each connection, what it has asked and was not answered yet. */
const queues = new WeakMap();

/** Each holds some kilobytes. Browsers and proxies wait for an answer before they ask again. */
const MAX_QUEUED = 1000;

/**
 * A head is small, so thousands of them come in one piece: answered all at once they would hold gigabytes. False where the
 * connection is gone meanwhile, or asks for more than anybody does.
 */
export async function waitForTurn(socket, response) {
  const queue = queues.get(socket) ?? { length: 0, end: undefined };
  queues.set(socket, queue);
  const before = queue.end;
  queue.length += 1;
  if (queue.length > MAX_QUEUED) socket.destroy();
  queue.end = new Promise((resolve) => response.once('close', resolve)).then(() => {
    queue.length -= 1;
  });
  await before;
  return !socket.destroyed;
}
