import type { Clock } from '../core/ports/clock.ts';
import type { PushProviders } from '../core/ports/push.ts';
import { openApns } from './apns.ts';
import { openFcm } from './fcm.ts';
import { openWebhook } from './webhook.ts';
import { openWebPush } from './webpush.ts';

/** Every push service there is; they find an app's keys in its settings. */
export function openProviders(clock: Clock): PushProviders & { close(): Promise<void> } {
  const providers = {
    apns: openApns(clock),
    fcm: openFcm(clock),
    webpush: openWebPush(clock),
    webhook: openWebhook(clock),
  };
  return {
    ...providers,
    async close() {
      await Promise.all(Object.values(providers).map((provider) => provider.close()));
    },
  };
}
