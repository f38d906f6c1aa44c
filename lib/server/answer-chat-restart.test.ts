import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { getReplies } from './replies';
import { FIRST_WORD, post, readerOf, serveUpstream } from './upstream.fixture';

const { nextExchange } = serveUpstream();

describe('a server that is about to end', () => {
  it('turns new replies away, and tells those that run when it interrupts them (S-term)', async () => {
    const asked = nextExchange();
    const answering = post();
    const { response } = await asked;
    response.write(FIRST_WORD);
    const { readUntil } = readerOf(await answering);
    await readUntil('Hi');

    const replies = getReplies();
    const closed = replies.close();
    const refused = await post();
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: 'restarting' } });

    response.write(FIRST_WORD.replace('Hi', 'still here'));
    await readUntil('still here');
    const hungUp = once(response, 'close');
    replies.interrupt();
    await readUntil('"code":"restarting"');
    await readUntil('[DONE]');
    await hungUp;
    await closed;
  });
});
