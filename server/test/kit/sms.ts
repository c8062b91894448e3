// An application's server that would send short messages: it checks the signature of what it is handed, and keeps it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SmsServer = {
  /** The value of the setting `sms.webhook`. */
  readonly hook: { readonly url: string; readonly secret: string };
  readonly handed: readonly { app: string; phone: string; code: string; purpose: string; minutes: number }[];
  /** The newest code of a phone. */
  codeOf(phone: string): string;
  /** What it answers from now on. */
  answerWith(status: number): void;
  close(): Promise<void>;
};

export async function openSmsServer(): Promise<SmsServer> {
  const secret = 'a-secret-of-the-test';
  const handed: SmsServer['handed'][number][] = [];
  let status = 200;
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    const time = req.headers['x-hongyan-timestamp'];
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    const good = req.headers['x-hongyan-signature'] === signature;
    if (good && status === 200) handed.push(JSON.parse(body));
    res.writeHead(good ? status : 401).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    hook: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`, secret },
    handed,
    codeOf(phone) {
      const found = handed.findLast((message) => message.phone === phone);
      assert.ok(found, `a code for ${phone}`);
      return found.code;
    },
    answerWith: (next) => {
      status = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
