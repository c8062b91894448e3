// A running server with two apps whose keys the tests know, and plain REST calls to look at what the clients did.
import { createHash } from 'node:crypto';
import { after } from 'node:test';
import { type ChildServer, openChildServer } from '../../server/test/kit/child.ts';

export type AppKeys = { readonly id: string; readonly clientKey: string; readonly masterKey: string };

export const appA: AppKeys = {
  id: '56a86320e9db7300015438f7',
  clientKey: 'a0a0a0a0a0a0a0a0a0a0a0a0',
  masterKey: 'a1a1a1a1a1a1a1a1a1a1a1a1',
};
export const appB: AppKeys = {
  id: '56a86320e9db7300015438f8',
  clientKey: 'b0b0b0b0b0b0b0b0b0b0b0b0',
  masterKey: 'b1b1b1b1b1b1b1b1b1b1b1b1',
};

/** To be called at the top of a test file: the server lives until the file's tests are done. */
export async function openServer(): Promise<ChildServer> {
  const apps = [appA, appB].map((app) => `${app.id}:${app.clientKey}:${app.masterKey}`).join(',');
  const server = await openChildServer({ apps });
  after(() => server.close());
  return server;
}

/** A request sign: MD5 of time and key, then the time. */
export function signOf(key: string, ts = Date.now()): string {
  return `${createHash('md5').update(`${ts}${key}`).digest('hex')},${ts}`;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server said; the test's assertions are its check
export type Answer = { readonly status: number; readonly body: any };

/** One REST call; `body` is sent as JSON, `undefined` as nothing at all. */
export async function rest(
  server: ChildServer,
  method: string,
  path: string,
  body?: unknown,
  app = appA,
): Promise<Answer> {
  const response = await fetch(server.base + path, {
    method,
    headers: { 'X-ML-AppId': app.id, 'X-ML-Request-Sign': signOf(app.clientKey), 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
