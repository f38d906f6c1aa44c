import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Page } from '@playwright/test';
import type { Settings, StartOptions } from './rivulet-server';

/** A provider as a process of its own, which can end and come back. It knows the address of its server beforehand. */
export class IdentityProvider {
  /** Another site than the chat, which the tests open at 127.0.0.1. */
  readonly #issuer: string;
  readonly #publicUrl: string;
  #process: ChildProcess | null = null;

  private constructor(port: number, chatPort: number) {
    this.#issuer = `http://localhost:${port}`;
    this.#publicUrl = `http://127.0.0.1:${chatPort}`;
  }

  static async start(): Promise<IdentityProvider> {
    const provider = new IdentityProvider(await findFreePort(), await findFreePort());
    await provider.start();
    return provider;
  }

  /** What a server has to be told to ask it. */
  get settings(): Settings {
    return {
      OIDC_ISSUER: this.#issuer,
      OIDC_CLIENT_ID: 'rivulet',
      OIDC_CLIENT_SECRET: 'a-secret-of-the-provider',
      PUBLIC_URL: this.#publicUrl,
      SESSION_SECRET: 'a secret of this test, 32 characters',
    };
  }

  get options(): StartOptions {
    return { port: new URL(this.#publicUrl).port };
  }

  async start(): Promise<void> {
    const redirectUri = `${this.#publicUrl}/api/session/callback`;
    const child = spawn(process.execPath, ['e2e/provider.mjs', this.#issuer, redirectUri], {
      env: { PATH: process.env.PATH, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    process.once('exit', this.#kill);
    const failed = text(child.stderr).then((problem) => Promise.reject(new Error(`The provider ended: ${problem}`)));
    await Promise.race([once(child.stdout, 'data'), failed]);
    // From here on its end is no error of the start.
    failed.catch(() => {});
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const closed = once(child, 'close');
    this.#kill();
    await closed;
    this.#process = null;
    process.off('exit', this.#kill);
  }

  readonly #kill = () => this.#process?.kill('SIGKILL');
}

/** What a person does at the provider. */
export async function signInAt(page: Page, address: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Address' }).fill(address);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
