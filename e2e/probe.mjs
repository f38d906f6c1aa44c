/**
 * Loaded into a server under test. On SIGHUP its clock is set back by an hour. On SIGUSR2 it prints one line: the heap after a collection, what keeps the process
 * busy, and what went wrong without anybody having to see it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

const rejections = [];
const warnings = [];
let reading = 0;

process.on('unhandledRejection', (reason) => rejections.push(String(reason)));
process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`));

process.on('SIGHUP', () => {
  const now = Date.now;
  Date.now = () => now() - 3_600_000;
  console.log('The clock is set back.');
});

process.on('SIGUSR2', async () => {
  // What a finalizer lets go of is collected the second time.
  globalThis.gc();
  await nextTurn();
  globalThis.gc();
  const heapBytes = process.memoryUsage().heapUsed;
  const resources = {};
  for (const type of process.getActiveResourcesInfo()) resources[type] = (resources[type] ?? 0) + 1;
  reading += 1;
  console.log(JSON.stringify({ reading, heapBytes, resources, rejections, warnings }));
});
