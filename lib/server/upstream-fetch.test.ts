import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { upstreamFetch } from './upstream-fetch';

let server: Server | undefined;

async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('upstreamFetch', () => {
  it('sends a method, headers and a body, and gives status, headers and body', async () => {
    const url = await serve(async (request, response) => {
      response.writeHead(201, { 'x-asked': `${request.method} ${request.headers['x-test']}` });
      for await (const chunk of request) response.write(chunk);
      response.end('!');
    });
    const response = await upstreamFetch(url, { method: 'POST', headers: { 'X-Test': 'yes' }, body: 'Grüße 🌊' });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-asked')).toBe('POST yes');
    expect(await response.text()).toBe('Grüße 🌊!');
  });

  it('breaks the body when the connection breaks', async () => {
    const url = await serve((_request, response) => {
      response.write('half');
      setImmediate(() => response.destroy());
    });
    const response = await upstreamFetch(url);
    await expect(response.text()).rejects.toThrow('aborted');
  });

  it('gives what came before the connection broke, also to a reader who comes later', async () => {
    const url = await serve((request, response) => {
      if (request.url !== '/breaks') return response.end();
      for (const words of ['one ', 'two ', 'three']) response.write(words);
      return setImmediate(() => response.destroy());
    });
    const response = await upstreamFetch(`${url}/breaks`);
    // By the time that later answers are here, the end of the earlier connection is too.
    for (let round = 0; round < 3; round += 1) await (await upstreamFetch(url)).text();
    const decoder = new TextDecoder();
    let read = '';
    const reading = (async () => {
      for await (const bytes of response.body ?? []) read += decoder.decode(bytes);
    })();
    await expect(reading).rejects.toThrow('aborted');
    expect(read).toBe('one two three');
  });

  it('gives nothing more once the signal aborts', async () => {
    const leaving = new AbortController();
    const url = await serve((request, response) => {
      if (request.url !== '/stays') return response.end();
      return response.write('first');
    });
    const response = await upstreamFetch(`${url}/stays`, { signal: leaving.signal });
    for (let round = 0; round < 3; round += 1) await (await upstreamFetch(url)).text();
    leaving.abort();
    for (let round = 0; round < 3; round += 1) await (await upstreamFetch(url)).text();
    await expect(response.body?.getReader().read()).rejects.toThrow('aborted');
  });

  it('rejects when nobody listens', async () => {
    const url = await serve(() => {});
    server?.close();
    await expect(upstreamFetch(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('closes the connection when the signal aborts before the headers', async () => {
    const leaving = new AbortController();
    const url = await serve(() => leaving.abort());
    const closed = new Promise((resolve) => server?.once('connection', (socket) => socket.once('close', resolve)));
    await expect(upstreamFetch(url, { signal: leaving.signal })).rejects.toMatchObject({ name: 'AbortError' });
    await closed;
  });

  it('closes the connection when its body is cancelled or its signal aborts', async () => {
    for (const how of ['cancel', 'abort'] as const) {
      const leaving = new AbortController();
      const url = await serve((_request, response) => response.write('first'));
      const closed = new Promise((resolve) => server?.once('connection', (socket) => socket.once('close', resolve)));
      const response = await upstreamFetch(url, { signal: leaving.signal });
      const reader = response.body?.getReader();
      await reader?.read();
      if (how === 'cancel') await reader?.cancel();
      else leaving.abort();
      await closed;
      server?.close();
    }
  });

  it('takes no more from the connection than its reader takes', async () => {
    const chunk = Buffer.alloc(1_000_000);
    let written = 0;
    const url = await serve((_request, response) => {
      const write = () => {
        if (response.destroyed) return;
        written += chunk.length;
        response.write(chunk, () => setImmediate(write));
      };
      write();
    });
    const response = await upstreamFetch(url);
    const reader = response.body?.getReader();
    await reader?.read();
    // The buffers of the sockets fill up; then a write of the server waits for the reader.
    let before = -1;
    while (before !== written) {
      before = written;
      for (let turn = 0; turn < 1000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(20_000_000);
    await reader?.cancel();
  });

  it.each([204, 304])('gives a response of status %i without a body', async (status) => {
    const url = await serve((_request, response) => response.writeHead(status).end());
    expect(await upstreamFetch(url)).toMatchObject({ status, body: null });
  });

  it('rejects when the connection becomes another protocol', async () => {
    const url = await serve(() => {});
    server?.on('connection', (socket) => {
      socket.on('data', () =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
      );
    });
    await expect(upstreamFetch(url)).rejects.toThrow('closed without a response');
  });

  it('asks again over a new connection when the kept one was reset', async () => {
    let connections = 0;
    const url = await serve((request, response) => {
      if (request.url === '/reset' && connections === 1) request.socket.resetAndDestroy();
      else response.end(`connection ${connections}`);
    });
    server?.on('connection', () => {
      connections += 1;
    });
    expect(await (await upstreamFetch(url)).text()).toBe('connection 1');
    expect(await (await upstreamFetch(`${url}/reset`)).text()).toBe('connection 2');
  });

  it('rejects for a status that there is not', async () => {
    const url = await serve((_request, response) => response.writeHead(999).end());
    await expect(upstreamFetch(url)).rejects.toThrow(RangeError);
  });

  it('does not follow a redirect', async () => {
    const url = await serve((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
    expect((await upstreamFetch(url, { method: 'POST', body: 'a prompt' })).status).toBe(307);
  });
});
