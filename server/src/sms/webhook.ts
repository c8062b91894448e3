// Codes handed to the app's own server, which knows somebody who sends short messages. The body is signed, so that the
// server can tell our requests from anybody else's; the time is signed too, so that an old request cannot be repeated.
import { createHmac } from 'node:crypto';
import type { App } from '../core/apps/app.ts';
import { ImError } from '../core/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { CodeMessage, Sms } from '../core/ports/sms.ts';

const timeoutMs = 5_000;

/** `otherwise`: who sends for apps that have set no webhook; absent: nobody, `feature-off`. */
export function openWebhookSms({ clock, log, otherwise }: { clock: Clock; log: Log; otherwise?: Sms }): Sms {
  return {
    async send(app, message) {
      const hook = app.settings['sms.webhook'];
      if (!hook) {
        if (otherwise) return otherwise.send(app, message);
        throw new ImError('feature-off', 'this app has nobody who sends short messages', { what: 'sms' });
      }
      await post(hook, app, message, clock.now()).catch((err: unknown) => {
        log.warn({ err, app: app.id }, 'the webhook for short messages failed');
        throw new ImError('unavailable', 'the message could not be sent: try again in a moment', { what: 'sms' });
      });
    },
  };
}

async function post(
  { url, secret }: { url: string; secret: string },
  app: App,
  message: CodeMessage,
  nowMs: number,
): Promise<void> {
  const body = JSON.stringify({ app: app.id, ...message });
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'content-type': 'application/json',
      'x-hongyan-timestamp': `${nowMs}`,
      'x-hongyan-signature': createHmac('sha256', secret).update(`${nowMs}.${body}`).digest('hex'),
    },
    body,
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
}
