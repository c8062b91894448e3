// A browser with its push service: it decrypts what comes (RFC 8291 over RFC 8188), and believes only the holder of the
// VAPID key that it subscribed with (RFC 8292). Written from the RFCs, apart from the library that the server uses.
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { jwtVerify } from 'jose';
import type { WebPushKeys } from '../../../src/core/push/keys.ts';
import { bodyOf, listen, type Reaction } from './listen.ts';

export type BrowserStandIn = {
  readonly keys: WebPushKeys;
  /** As JSON.stringify(await registration.pushManager.subscribe(…)) gives it. */
  readonly subscription: { endpoint: string; expirationTime: null; keys: { p256dh: string; auth: string } };
  // biome-ignore lint/suspicious/noExplicitAny: payloads are checked by the test that reads them
  readonly pushes: { headers: IncomingHttpHeaders; payload: any }[];
  readonly refused: string[];
  /** What everything is answered from now on; undefined: as usual. */
  react(reaction: Reaction | undefined): void;
  close(): Promise<void>;
};

export async function openBrowserStandIn(): Promise<BrowserStandIn> {
  const vapid = createECDH('prime256v1');
  const server = createECDH('prime256v1');
  vapid.generateKeys();
  server.generateKeys();
  const auth = randomBytes(16);
  let reaction: Reaction = {};
  let origin = '';
  const standIn = { pushes: [] as BrowserStandIn['pushes'], refused: [] as string[] };

  /** Throws what is wrong with the sender's proof. */
  async function proveSender(headers: IncomingHttpHeaders): Promise<void> {
    const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
    if (key !== vapid.getPublicKey('base64url')) throw new Error('another key than the subscription was made with');
    const point = Buffer.from(key, 'base64url');
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    };
    const { payload } = await jwtVerify(token, createPublicKey({ key: jwk, format: 'jwk' }), {
      algorithms: ['ES256'],
      audience: origin,
      requiredClaims: ['exp', 'sub'],
    });
    if ((payload.exp ?? 0) > Date.now() / 1_000 + 24 * 3_600) throw new Error('valid for more than a day');
  }

  function decrypt(body: Buffer): Buffer {
    const salt = body.subarray(0, 16);
    const keyLength = body[20] ?? 0;
    const sender = body.subarray(21, 21 + keyLength);
    const sealed = body.subarray(21 + keyLength);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), server.getPublicKey(), sender]);
    const ikm = Buffer.from(hkdfSync('sha256', server.computeSecret(sender), auth, info, 32));
    const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
    const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
    const opener = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()]);
    const end = padded.lastIndexOf(2);
    if (end < 0) throw new Error('no last record');
    return padded.subarray(0, end);
  }

  const http = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const now = reaction;
    await now.wait;
    try {
      await proveSender(request.headers);
      if (request.headers['content-encoding'] !== 'aes128gcm') throw new Error('not aes128gcm');
      if (!/^\d+$/.test(`${request.headers.ttl}`)) throw new Error('no TTL');
      if (body.length > 4_096) throw new Error('too large');
      const payload = JSON.parse(decrypt(body).toString());
      if ((now.status ?? 201) === 201) standIn.pushes.push({ headers: request.headers, payload });
      response.writeHead(now.status ?? 201, now.headers).end();
    } catch (error) {
      standIn.refused.push((error as Error).message);
      response.writeHead(403).end();
    }
  });
  origin = await listen(http);
  return {
    ...standIn,
    keys: {
      publicKey: vapid.getPublicKey('base64url'),
      privateKey: Buffer.concat([Buffer.alloc(32), vapid.getPrivateKey()])
        .subarray(-32)
        .toString('base64url'),
      subject: 'mailto:ops@example.com',
      hosts: ['127.0.0.1'],
    },
    subscription: {
      endpoint: `${origin}/push/abc`,
      expirationTime: null,
      keys: { p256dh: server.getPublicKey('base64url'), auth: auth.toString('base64url') },
    },
    react(next) {
      reaction = next ?? {};
    },
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
