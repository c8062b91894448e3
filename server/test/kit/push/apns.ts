// Apple's push service as its documents describe it: HTTP/2, a token signed with ES256, its headers and its reasons.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { jwtVerify } from 'jose';
import type { ApnsKeys } from '../../../src/core/push/keys.ts';
import { bodyOf, listen, type Reaction } from './listen.ts';

// biome-ignore lint/suspicious/noExplicitAny: payloads are checked by the test that reads them
export type ApnsPush = { token: string; headers: IncomingHttpHeaders; payload: any };

export type ApnsStandIn = {
  readonly keys: ApnsKeys;
  /** What was accepted, in order. */
  readonly pushes: ApnsPush[];
  /** Why requests were refused that this stand-in refuses by itself. */
  readonly refused: string[];
  /** Tokens of requests, whatever came of them. */
  readonly asked: string[];
  /** Provider tokens that came. */
  readonly authorizations: Set<string>;
  connections(): number;
  /** What a device token is answered from now on; undefined: as usual. */
  react(token: string, reaction: Reaction | undefined): void;
  /** Sends every connection away, as Apple does from time to time. */
  goAway(): void;
  close(): Promise<void>;
};

export async function openApnsStandIn(): Promise<ApnsStandIn> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sessions = new Set<ServerHttp2Session>();
  const reactions = new Map<string, Reaction>();
  let connections = 0;
  const server = createServer();
  const standIn = {
    pushes: [] as ApnsPush[],
    refused: [] as string[],
    asked: [] as string[],
    authorizations: new Set<string>(),
  };

  async function check(headers: IncomingHttpHeaders, body: Buffer): Promise<string | undefined> {
    if (headers[':method'] !== 'POST') return '405 MethodNotAllowed';
    const [, jwt = ''] = /^bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    standIn.authorizations.add(jwt);
    try {
      const { payload, protectedHeader } = await jwtVerify(jwt, publicKey, {
        algorithms: ['ES256'],
        issuer: 'TEAM123456',
      });
      if (protectedHeader.kid !== 'KEY1234567' || typeof payload.iat !== 'number') return '403 InvalidProviderToken';
    } catch {
      return '403 InvalidProviderToken';
    }
    if (headers['apns-topic'] !== 'com.example.chat') return '400 BadTopic';
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(`${headers['apns-id']}`)) return '400 BadMessageId';
    if (!['alert', 'background'].includes(`${headers['apns-push-type']}`)) return '400 InvalidPushType';
    if (!/^\d+$/.test(`${headers['apns-expiration']}`)) return '400 BadExpirationDate';
    if (body.length > 4_096) return '413 PayloadTooLarge';
    return undefined;
  }

  async function answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const body = await bodyOf(stream);
    const [, token = ''] = /^\/3\/device\/([0-9a-f]+)$/i.exec(`${headers[':path']}`) ?? [];
    standIn.asked.push(token);
    const problem = token === '' ? '404 BadPath' : await check(headers, body);
    const reaction = reactions.get(token) ?? {};
    await reaction.wait;
    if (stream.destroyed) return;
    const [status, reason] = problem?.split(' ') ?? [`${reaction.status ?? 200}`, undefined];
    if (problem) standIn.refused.push(problem);
    if (status === '200') standIn.pushes.push({ token, headers, payload: JSON.parse(body.toString()) });
    stream.respond({ ':status': Number(status), 'apns-id': `${headers['apns-id']}`, ...reaction.headers });
    stream.end(status === '200' ? '' : JSON.stringify(reason ? { reason } : reaction.body));
  }

  server.on('session', (session) => {
    connections += 1;
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    answer(stream as ServerHttp2Stream, headers).catch(() => stream.destroyed || stream.close());
  });
  const baseUrl = await listen(server);
  return {
    ...standIn,
    keys: {
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      keyId: 'KEY1234567',
      teamId: 'TEAM123456',
      topic: 'com.example.chat',
      sandbox: false,
      baseUrl,
    },
    connections: () => connections,
    react: (token, reaction) => void (reaction ? reactions.set(token, reaction) : reactions.delete(token)),
    goAway() {
      for (const session of sessions) session.goaway();
    },
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
