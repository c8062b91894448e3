// Apple's push service: HTTP/2 with a token that the app's key signs. One connection for each team and address, kept
// while it lasts.
import { createPrivateKey } from 'node:crypto';
import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Clock } from '../core/ports/clock.ts';
import type { Notification, Outcome, PushProvider } from '../core/ports/push.ts';
import type { ApnsKeys } from '../core/push/keys.ts';
import { bytesOf, clip } from './clip.ts';
import { codeIn, jsonOf, retryAfter } from './post.ts';
import { nameOfKeys, openTokens } from './remember.ts';

const payloadBytesMax = 4_096;
const alertBytesMax = 1_500;
const replyCharsMax = 4_096;
/** Apple takes tokens for an hour, and wants no new one within 20 minutes. */
const tokenLifeMs = 40 * 60_000;
const idleMsMax = 10 * 60_000;

export function openApns(clock: Clock): PushProvider {
  const tokens = openTokens(clock);
  const sessions = new Map<string, ClientHttp2Session>();

  function sessionFor(keys: ApnsKeys): ClientHttp2Session {
    const origin = keys.baseUrl ?? `https://api.${keys.sandbox ? 'sandbox.' : ''}push.apple.com`;
    const name = `${origin} ${keys.teamId}`;
    const known = sessions.get(name);
    if (known && !known.closed && !known.destroyed) return known;
    const session = connect(origin);
    const leave = (): void => {
      if (sessions.get(name) === session) sessions.delete(name);
      // Requests under way may still be answered.
      if (!session.closed) session.close();
    };
    sessions.set(name, session);
    session.on('goaway', leave).on('close', leave);
    // Each request on it fails too, and says so.
    session.on('error', leave);
    session.setTimeout(idleMsMax, leave);
    return session;
  }

  return {
    async send(app, notification, signal) {
      const keys = app.settings['push.apns'];
      if (!keys) return { kind: 'rejected', why: 'no keys' };
      const name = nameOfKeys(keys);
      const token = await tokens.get(name, async () => ({ value: await sign(keys, clock.now()), lifeMs: tokenLifeMs }));
      const session = sessionFor(keys);
      const answer = await request(session, headersOf(keys, token, notification), payloadOf(notification), signal);
      // A connection on which nothing is answered may be dead without knowing it: the next request opens another.
      if (answer === 'late') session.close();
      if (typeof answer === 'string') return { kind: 'retry', why: answer === 'late' ? 'no answer in time' : answer };
      const outcome = read(answer);
      if (outcome.kind === 'retry' && answer.status === 403) tokens.forget(name);
      return outcome;
    },
    async close() {
      for (const session of sessions.values()) session.destroy();
      sessions.clear();
    },
  };
}

async function sign({ key, keyId, teamId }: ApnsKeys, nowMs: number): Promise<string> {
  const { SignJWT } = await import('jose');
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuer(teamId)
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .sign(createPrivateKey(key));
}

const headersOf = (keys: ApnsKeys, token: string, notification: Notification): OutgoingHttpHeaders => ({
  ':method': 'POST',
  ':path': `/3/device/${notification.token}`,
  authorization: `bearer ${token}`,
  'apns-topic': keys.topic,
  'apns-push-type': 'alert',
  'apns-priority': '10',
  'apns-id': notification.id,
  'apns-expiration': `${Math.floor(notification.expiresAt / 1_000)}`,
  'content-type': 'application/json',
});

function payloadOf({ title, text, sound, badge, contentAvailable, data }: Notification): string {
  const body = clip(text, alertBytesMax);
  const aps = {
    alert: title === undefined ? body : { title: clip(title, 200), body },
    ...(sound === undefined ? {} : { sound: clip(sound, 200) }),
    ...(badge === undefined ? {} : { badge }),
    ...(contentAvailable ? { 'content-available': 1 } : {}),
  };
  const left = payloadBytesMax - bytesOf({ aps });
  return JSON.stringify({ ...data(left), aps });
}

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

/** `late`: the signal came first. Any other text: what went wrong on the way. */
function request(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: string,
  signal: AbortSignal,
): Promise<Answer | string> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve('late');
    if (session.closed || session.destroyed) return resolve('the connection was closed');
    const stream = session.request(headers);
    const abort = (): void => {
      resolve('late');
      stream.close(constants.NGHTTP2_CANCEL);
    };
    signal.addEventListener('abort', abort, { once: true });
    let answered: IncomingHttpHeaders = {};
    let text = '';
    stream.setEncoding('utf8');
    stream.on('response', (response) => {
      answered = response;
    });
    stream.on('data', (piece: string) => {
      if (text.length < replyCharsMax) text += piece;
    });
    stream.on('error', (error) => resolve(causeOf(error)));
    stream.on('close', () => {
      signal.removeEventListener('abort', abort);
      const status = Number(answered[':status'] ?? 0);
      resolve(status === 0 ? 'the connection was closed' : { status, headers: answered, text });
    });
    stream.end(body);
  });
}

/** A connection that cannot be made ends its requests with its own trouble as their cause. */
function causeOf(error: NodeJS.ErrnoException): string {
  return (
    codeIn((error.cause as NodeJS.ErrnoException | undefined)?.code) || codeIn(error.code) || 'the connection failed'
  );
}

function read({ status, headers, text }: Answer): Outcome {
  if (status === 200) return { kind: 'sent' };
  const reason = codeIn((jsonOf(text) as { reason?: unknown } | undefined)?.reason);
  if (status === 410 || reason === 'BadDeviceToken' || reason === 'Unregistered') return { kind: 'dead-token' };
  const why = `${status} ${reason}`.trim();
  // 403: the key, the team or the clock is wrong, which the operator may set right while the push is still worth sending.
  if (status === 403 || status === 429 || status >= 500)
    return { kind: 'retry', why, ...retryAfter(headers['retry-after']) };
  return { kind: 'rejected', why };
}
