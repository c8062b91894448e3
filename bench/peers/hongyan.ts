// Hongyan as an operator runs it, and what the scenarios have to make on it over its own REST doors.
import { openChildServer } from '../../server/test/kit/child.ts';
import type { Peer } from '../kit/peer.ts';
import { signOf } from '../wires/maxleap.ts';

export const app = {
  id: 'd0d0d0d0d0d0d0d0d0d0d0d9',
  key: 'd0d0d0d0d0d0d0d0d0d0d0d0',
  master: 'd1d1d1d1d1d1d1d1d1d1d1d1',
};
export const words = { app: app.id, key: app.key };

const basic = Buffer.from(`${app.id}:${app.master}`).toString('base64');
/** How a request to each door says whose it is. */
export const headers = {
  maxleap: () => ({ 'x-ml-appid': app.id, 'x-ml-request-sign': signOf(app.key) }),
  leancloud: { 'x-lc-id': app.id, 'x-lc-key': `${app.master},master` },
  jmessage: { authorization: `Basic ${basic}` },
};

export type Hongyan = Peer & {
  readonly base: string;
  readonly dataDir: string;
  stop(): Promise<unknown>;
  start(): Promise<void>;
  post(path: string, body: unknown): Promise<unknown>;
  lc(path: string, body: unknown): Promise<unknown>;
  jm(path: string, body: unknown): Promise<unknown>;
};

export async function startHongyan(env: Record<string, string> = {}): Promise<Hongyan> {
  const server = await openChildServer({ apps: `${app.id}:${app.key}:${app.master}`, env });
  const send = async (path: string, headers: Record<string, string>, body: unknown): Promise<unknown> => {
    const response = await fetch(server.base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    base: server.base,
    port: server.port,
    dataDir: server.dataDir,
    get pids() {
      return [server.pid()];
    },
    stop: () => server.stop(),
    start: () => server.start(),
    post: (path, body) => send(path, headers.maxleap(), body),
    lc: (path, body) => send(path, headers.leancloud, body),
    jm: (path, body) => send(path, headers.jmessage, body),
    close: () => server.close(),
  };
}

/** `count` tasks, a few at a time. */
export async function times(count: number, task: (n: number) => Promise<unknown>, atOnce = 16): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n).values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const n of numbers) await task(n);
    }),
  );
}
