// Google's push service, HTTP v1: a service account signs an assertion, which buys an access token for an hour.
import { createPrivateKey } from 'node:crypto';
import type { Clock } from '../core/ports/clock.ts';
import type { Notification, Outcome, PushProvider } from '../core/ports/push.ts';
import type { FcmKeys } from '../core/push/keys.ts';
import { bytesOf, clip } from './clip.ts';
import { codeIn, isReply, jsonOf, outcomeOf, post, type Reply } from './post.ts';
import { nameOfKeys, openTokens } from './remember.ts';

const scope = 'https://www.googleapis.com/auth/firebase.messaging';
const messageBytesMax = 4_000;
const textBytesMax = 1_500;
const assertionSeconds = 3_600;
/** A token is given up this much before it ends. */
const marginMs = 60_000;

export function openFcm(clock: Clock): PushProvider {
  const tokens = openTokens(clock);
  return {
    async send(app, notification, signal) {
      const keys = app.settings['push.fcm'];
      if (!keys) return { kind: 'rejected', why: 'no keys' };
      const name = nameOfKeys(keys);
      let token: string;
      try {
        token = await tokens.get(name, () => exchange(keys, clock.now()));
      } catch (error) {
        return { kind: 'retry', why: (error as Error).message };
      }
      const base = keys.baseUrl ?? 'https://fcm.googleapis.com';
      const answer = await post(
        `${base}/v1/projects/${encodeURIComponent(keys.project_id)}/messages:send`,
        { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        JSON.stringify({ message: messageOf(notification, clock.now()) }),
        signal,
      );
      if (!isReply(answer)) return answer;
      if (answer.status === 401) tokens.forget(name);
      return read(answer);
    },
    async close() {},
  };
}

/** Not bound to one attempt's time: others wait for the same token. Throws with a sentence for the log. */
async function exchange(keys: FcmKeys, nowMs: number): Promise<{ value: string; lifeMs: number }> {
  const { SignJWT } = await import('jose');
  const now = Math.floor(nowMs / 1_000);
  const assertion = await new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(keys.client_email)
    .setAudience(keys.token_uri)
    .setIssuedAt(now)
    .setExpirationTime(now + assertionSeconds)
    .sign(createPrivateKey(keys.private_key));
  const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await post(keys.token_uri, headers, form.toString(), AbortSignal.timeout(8_000));
  if (!isReply(answer)) throw new Error('no access token: the network failed');
  const { access_token: value, expires_in: seconds, error } = (jsonOf(answer.text) ?? {}) as Record<string, unknown>;
  if (answer.status !== 200 || typeof value !== 'string')
    throw new Error(`no access token: ${answer.status} ${codeIn(error)}`.trim());
  return { value, lifeMs: (typeof seconds === 'number' ? seconds : 3_600) * 1_000 - marginMs };
}

function messageOf({ token, title, text, sound, badge, data, expiresAt }: Notification, nowMs: number) {
  const message = {
    token,
    notification: { ...(title === undefined ? {} : { title: clip(title, 200) }), body: clip(text, textBytesMax) },
    android: {
      priority: 'high',
      ttl: `${Math.max(0, Math.floor((expiresAt - nowMs) / 1_000))}s`,
      notification: {
        ...(sound === undefined ? {} : { sound: clip(sound, 200) }),
        ...(badge === undefined ? {} : { notification_count: Math.max(0, badge) }),
      },
    },
  };
  return { ...message, data: data(messageBytesMax - bytesOf(message)) };
}

function read(answer: Reply): Outcome {
  const { error } = (jsonOf(answer.text) ?? {}) as { error?: { status?: unknown; details?: unknown } };
  const details = Array.isArray(error?.details) ? (error.details as Record<string, unknown>[]) : [];
  const code = codeIn(details.find((one) => typeof one?.errorCode === 'string')?.errorCode) || codeIn(error?.status);
  if (code === 'UNREGISTERED' || aboutToken(details)) return { kind: 'dead-token' };
  const { status } = answer;
  // A wrong project or account: the operator may set it right while the push is still worth sending.
  if (
    status === 401 ||
    (status === 403 && code !== 'SENDER_ID_MISMATCH') ||
    (status === 404 && code !== 'UNREGISTERED')
  )
    return { kind: 'retry', why: `${status} ${code}`.trim() };
  return outcomeOf(answer, code);
}

/** The service says which field it cannot take. */
const aboutToken = (details: readonly Record<string, unknown>[]): boolean =>
  details.some(
    ({ fieldViolations }) =>
      Array.isArray(fieldViolations) &&
      fieldViolations.some((one: { field?: unknown }) => one?.field === 'message.token'),
  );
