// What tests of the JMessage door say often.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { App } from '../../src/core/apps/app.ts';
import type { Answer, World } from './world.ts';

export type JmOptions = {
  /** Whose credentials; default: the world's first app. */
  as?: App;
  headers?: Record<string, string>;
  /** Sent as it is, with no content type of its own. */
  raw?: string | Buffer | FormData;
};

export const basicOf = (app: Pick<App, 'id' | 'masterKey'>): string =>
  `Basic ${Buffer.from(`${app.id}:${app.masterKey}`).toString('base64')}`;

/** Calls the JMessage door with an app's own credentials; redirects are not followed. */
export async function jm(
  world: World,
  method: string,
  path: string,
  body?: unknown,
  options: JmOptions = {},
): Promise<Answer> {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(world.url + path, {
    method,
    redirect: 'manual',
    headers: {
      authorization: basicOf(options.as ?? world.app),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    body: options.raw ?? json,
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error body: this status, this number, a sentence, JSON. */
export function refusedJm(answer: Answer, status: number, code: number): void {
  assert.deepEqual([answer.status, answer.body?.error?.code], [status, code], answer.text);
  assert.equal(typeof answer.body.error.message, 'string');
  assert.deepEqual(Object.keys(answer.body), ['error']);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json; charset=utf-8$/);
}

/** Registers users; each password is `pw-` and the name. */
export async function register(world: World, ...names: string[]): Promise<void> {
  const items = names.map((username) => ({ username, password: `pw-${username}` }));
  const answer = await jm(world, 'POST', '/v1/users/', items);
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(
    answer.body,
    names.map((username) => ({ username })),
  );
}

export async function registerAdmin(world: World, username: string): Promise<void> {
  const answer = await jm(world, 'POST', '/v1/admins/', { username, password: `pw-${username}` });
  assert.equal(answer.status, 201, answer.text);
}

export type RawAnswer = { status: number; head: string; text: string; body: Answer['body'] };

/**
 * One request as bytes, over a connection of its own: what HTTP libraries would not send as it stands. `{auth}` becomes
 * the app's Authorization value; lines may end in `\n` alone in `head`, and its last line needs no end.
 */
export async function sendBytes(world: World, head: string, body: string | Buffer = ''): Promise<RawAnswer> {
  const { hostname, port } = new URL(world.url);
  const lines = head.replaceAll('{auth}', basicOf(world.app)).replaceAll('\n', '\r\n');
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(`${lines}\r\nConnection: close\r\n\r\n`);
  socket.write(body);
  await new Promise<void>((resolve, reject) => {
    socket.on('close', () => resolve());
    socket.on('error', reject);
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
  });
  const all = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
  const end = all.indexOf('\r\n\r\n');
  const text = all.slice(end + 4);
  return { status: Number(all.split(' ')[1]), head: all.slice(0, end), text, body: parsed(text) };
}
