// The application's own server is told, and tells the device in its own way. Signed, so that it knows who speaks, with
// the time inside the signature, so that nobody can repeat it later.
import { createHmac } from 'node:crypto';
import type { Clock } from '../core/ports/clock.ts';
import type { Notification, PushProvider } from '../core/ports/push.ts';
import { isReply, outcomeOf, post } from './post.ts';

/** Larger than any message. */
const dataBytesMax = 512 * 1024;

export function openWebhook(clock: Clock): PushProvider {
  return {
    async send(app, notification, signal) {
      const keys = app.settings['push.webhook'];
      if (!keys) return { kind: 'rejected', why: 'no keys' };
      const body = JSON.stringify(bodyOf(app.id, notification));
      const timestamp = `${clock.now()}`;
      const headers = {
        'content-type': 'application/json',
        'x-hongyan-delivery': notification.id,
        'x-hongyan-timestamp': timestamp,
        'x-hongyan-signature': createHmac('sha256', keys.secret).update(`${timestamp}.${body}`).digest('hex'),
      };
      const answer = await post(keys.url, headers, body, signal);
      if (!isReply(answer)) return answer;
      // A wrong path is the operator's mistake, not the device's end.
      return answer.status === 404 ? { kind: 'retry', why: '404' } : outcomeOf(answer);
    },
    async close() {},
  };
}

const bodyOf = (app: string, { who, token, createdAt, expiresAt, data, ...rest }: Notification) => ({
  app,
  user: who,
  ...rest,
  ...(token === '' ? {} : { token }),
  createdAt,
  expiresAt,
  data: data(dataBytesMax),
});
