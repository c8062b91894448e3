// An application's own server with cloud hooks: it remembers what it was asked and told, and answers as a test says.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

// biome-ignore lint/suspicious/noExplicitAny: parameters are checked by the test that reads them
export type Asked = { name: string; params: any; headers: IncomingHttpHeaders };

export type HookStandIn = {
  readonly keys: { readonly url: string; readonly secret: string };
  readonly asked: Asked[];
  /** By hook: the result, or a status; absent: the application has not written that one. */
  answers: Record<string, object | number>;
  of(name: string): Asked[];
  clear(): void;
  close(): Promise<void>;
};

export async function openHookStandIn(): Promise<HookStandIn> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const name = (request.url ?? '').split('/').at(-1) ?? '';
    standIn.asked.push({ name, params: JSON.parse(body), headers: request.headers });
    const answer = standIn.answers[name];
    if (answer === undefined || typeof answer === 'number') response.writeHead(answer ?? 404).end('{}');
    else response.end(JSON.stringify({ result: answer }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const standIn: HookStandIn = {
    keys: { url, secret: 'a-hook-key-of-the-test' },
    asked: [],
    answers: {},
    of: (name) => standIn.asked.filter((one) => one.name === name),
    clear() {
      standIn.asked.length = 0;
      standIn.answers = {};
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}
