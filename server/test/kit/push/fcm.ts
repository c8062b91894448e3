// Google's push service: an access token in exchange for a signed assertion, then one request a message.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { jwtVerify } from 'jose';
import type { FcmKeys } from '../../../src/core/push/keys.ts';
import { bodyOf, listen, type Reaction } from './listen.ts';

export type FcmStandIn = {
  readonly keys: FcmKeys;
  // biome-ignore lint/suspicious/noExplicitAny: messages are checked by the test that reads them
  readonly messages: any[];
  readonly refused: string[];
  /** Access tokens given out. */
  exchanges(): number;
  /** Access tokens given out so far are good no more. */
  revoke(): void;
  react(token: string, reaction: Reaction | undefined): void;
  close(): Promise<void>;
};

export async function openFcmStandIn(): Promise<FcmStandIn> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const reactions = new Map<string, Reaction>();
  const good = new Set<string>();
  let exchanges = 0;
  let base = '';
  const standIn = { messages: [] as unknown[], refused: [] as string[] };
  const email = 'push@example.iam.gserviceaccount.com';

  async function exchange(form: URLSearchParams): Promise<Reaction> {
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return { status: 400, body: { error: 'unsupported_grant_type' } };
    try {
      const { payload } = await jwtVerify(form.get('assertion') ?? '', publicKey, {
        algorithms: ['RS256'],
        issuer: email,
        audience: `${base}/token`,
        requiredClaims: ['exp', 'iat'],
      });
      if (payload.scope !== 'https://www.googleapis.com/auth/firebase.messaging')
        return { status: 400, body: { error: 'invalid_scope' } };
    } catch {
      return { status: 400, body: { error: 'invalid_grant' } };
    }
    exchanges += 1;
    good.add(`ya29.${exchanges}`);
    return { body: { access_token: `ya29.${exchanges}`, expires_in: 3_599, token_type: 'Bearer' } };
  }

  async function send(request: IncomingMessage, body: Buffer): Promise<Reaction> {
    const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!good.has(token)) return { status: 401, body: { error: { status: 'UNAUTHENTICATED' } } };
    const { message } = JSON.parse(body.toString());
    const values = Object.values(message.data ?? {});
    const problem = values.some((value) => typeof value !== 'string') || body.length > 4_096 + 64;
    if (problem) return { status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } };
    const reaction = reactions.get(message.token) ?? {};
    await reaction.wait;
    if ((reaction.status ?? 200) === 200) standIn.messages.push(message);
    return { body: { name: 'projects/demo/messages/1' }, ...reaction };
  }

  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    const {
      status = 200,
      headers,
      body: answer,
    } = request.url === '/token'
      ? await exchange(new URLSearchParams(body.toString()))
      : request.url === '/v1/projects/demo-project/messages:send'
        ? await send(request, body)
        : { status: 404, body: {} };
    if (status >= 400) standIn.refused.push(`${status} ${request.url}`);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer));
  });
  base = await listen(server);
  return {
    ...standIn,
    keys: {
      project_id: 'demo-project',
      client_email: email,
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      token_uri: `${base}/token`,
      baseUrl: base,
    },
    exchanges: () => exchanges,
    revoke: () => good.clear(),
    react: (token, reaction) => void (reaction ? reactions.set(token, reaction) : reactions.delete(token)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
