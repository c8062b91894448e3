// A real OpenID Connect provider on a free port. Whoever asks is logged in as whom the test names, without a page.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Context } from 'oidc-provider';

export type TestProvider = {
  readonly issuer: string;
  /** An id_token, by the provider's own implicit flow. */
  idToken(user: string, options?: { client?: string; nonce?: string }): Promise<string>;
  /** How often its keys were fetched. */
  keysFetched(): number;
  close(): Promise<void>;
};

export const clientIds = ['our-app', 'another-app'] as const;
const redirectUri = 'https://app.example/callback';

export async function openProvider(): Promise<TestProvider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key: JWK = { ...(await exportJWK(privateKey)), kid: 'test-key', alg: 'RS256', use: 'sig' };
  let user = '';
  let keysFetched = 0;
  let handle: (req: IncomingMessage, res: ServerResponse) => void = () => {};
  const server = createServer((req, res) => {
    if (req.url?.startsWith('/jwks')) keysFetched += 1;
    handle(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: clientIds.map((client_id) => ({
      client_id,
      redirect_uris: [redirectUri],
      response_types: ['id_token'],
      grant_types: ['implicit'],
      token_endpoint_auth_method: 'none',
    })),
    jwks: { keys: [key] },
    responseTypes: ['id_token', 'none'],
    cookies: { keys: ['test'] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, IdToken: 3_600 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx: Context, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: async (_ctx: Context, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    loadExistingGrant: async (ctx: Context) => {
      const { client, session } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  handle = (req, res) => {
    if (!req.url?.startsWith('/interaction/')) return void callback(req, res);
    void provider.interactionFinished(req, res, { login: { accountId: user } });
  };

  return {
    issuer,
    keysFetched: () => keysFetched,
    async idToken(who, { client = clientIds[0], nonce = 'a-nonce-of-the-client' } = {}) {
      user = who;
      const query = new URLSearchParams({
        client_id: client,
        response_type: 'id_token',
        scope: 'openid',
        redirect_uri: redirectUri,
        nonce,
      });
      return follow(`${issuer}/auth?${query}`);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As a browser would, from one redirect to the next, until the application's own address. */
async function follow(start: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  for (let steps = 0; steps < 10; steps++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (!next) throw new Error(`the provider answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    if (next.startsWith(redirectUri)) {
      const token = new URLSearchParams(new URL(next).hash.slice(1)).get('id_token');
      if (!token) throw new Error(`no id_token: ${next}`);
      return token;
    }
    url = new URL(next, url);
  }
  throw new Error('too many redirects');
}
