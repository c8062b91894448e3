// An application's own server, which believes only what is signed, and signed just now.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { WebhookKeys } from '../../../src/core/push/keys.ts';
import { bodyOf, listen, type Reaction } from './listen.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies are checked by the test that reads them
export type Hooked = any;

export type WebhookStandIn = {
  readonly keys: WebhookKeys;
  readonly pushes: Hooked[];
  readonly refused: string[];
  /** What everything is answered from now on; undefined: as usual. */
  react(reaction: Reaction | undefined): void;
  close(): Promise<void>;
};

/** `nowMs`: the time by the receiver's clock. */
export async function openWebhookStandIn(nowMs: () => number = Date.now): Promise<WebhookStandIn> {
  const secret = 'a secret of the webhook';
  let reaction: Reaction = {};
  const standIn = { pushes: [] as Hooked[], refused: [] as string[] };
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const now = reaction;
    await now.wait;
    const problem = problemOf(request.headers, body, secret, nowMs());
    if (problem) standIn.refused.push(problem);
    else if ((now.status ?? 204) < 300) standIn.pushes.push(JSON.parse(body.toString()));
    response.writeHead(problem ? 401 : (now.status ?? 204), now.headers).end();
  });
  const base = await listen(server);
  return {
    ...standIn,
    keys: { url: `${base}/hongyan`, secret },
    react(next) {
      reaction = next ?? {};
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function problemOf(headers: IncomingHttpHeaders, body: Buffer, secret: string, nowMs: number): string | undefined {
  const timestamp = `${headers['x-hongyan-timestamp']}`;
  if (Math.abs(nowMs - Number(timestamp)) > 300_000) return 'too old';
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
  const [, given = ''] = /^([0-9a-f]{64})$/.exec(`${headers['x-hongyan-signature']}`) ?? [];
  const bytes = Buffer.from(given, 'hex');
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) return 'a wrong signature';
  return headers['x-hongyan-delivery'] === JSON.parse(body.toString()).id ? undefined : 'another delivery';
}
