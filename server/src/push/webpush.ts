// Push to browsers: the payload is encrypted for the one browser, and the sender known by its VAPID key.
import type { Clock } from '../core/ports/clock.ts';
import type { Notification, PushProvider } from '../core/ports/push.ts';
import type { WebPushKeys } from '../core/push/keys.ts';
import { readSubscription, type Subscription } from '../core/push/subscription.ts';
import { bytesOf, clip } from './clip.ts';
import { isReply, outcomeOf, post } from './post.ts';

/** 4,096 bytes less what encryption adds, with room to spare. */
const payloadBytesMax = 3_900;
const textBytesMax = 1_500;

export function openWebPush(clock: Clock): PushProvider {
  return {
    async send(app, notification, signal) {
      const keys = app.settings['push.webpush'];
      if (!keys) return { kind: 'rejected', why: 'no keys' };
      const subscription = readSubscription(notification.token, keys.hosts);
      if (!subscription) return { kind: 'rejected', why: 'not a subscription at a known push service' };
      const request = await encrypted(keys, subscription, notification, clock.now());
      if (!request) return { kind: 'rejected', why: 'nothing can be encrypted for this subscription' };
      const { endpoint, headers, body } = request;
      const sent = Object.entries(headers).map(([name, value]) => [name, `${value}`]);
      const answer = await post(endpoint, Object.fromEntries(sent), new Uint8Array(body), signal);
      return isReply(answer) ? outcomeOf(answer) : answer;
    },
    async close() {},
  };
}

/** undefined: the browser's key is none. */
async function encrypted(keys: WebPushKeys, subscription: Subscription, notification: Notification, nowMs: number) {
  const { default: webpush } = await import('web-push');
  const { subject, publicKey, privateKey } = keys;
  try {
    return webpush.generateRequestDetails(
      { endpoint: subscription.endpoint.href, keys: subscription.keys },
      payloadOf(notification),
      {
        vapidDetails: { subject, publicKey, privateKey },
        contentEncoding: 'aes128gcm',
        TTL: Math.max(0, Math.floor((notification.expiresAt - nowMs) / 1_000)),
        urgency: 'high',
        // One topic for a device and a cause: a repeated push replaces the one that was not delivered yet.
        topic: notification.id.replaceAll('-', ''),
      },
    );
  } catch {
    return undefined;
  }
}

/** For the page's service worker, which shows it. */
function payloadOf({ title, text, sound, badge, data }: Notification): string {
  const payload = {
    ...(title === undefined ? {} : { title: clip(title, 200) }),
    body: clip(text, textBytesMax),
    ...(sound === undefined ? {} : { sound: clip(sound, 200) }),
    ...(badge === undefined ? {} : { badge }),
  };
  return JSON.stringify({ ...payload, data: data(payloadBytesMax - bytesOf(payload)) });
}
