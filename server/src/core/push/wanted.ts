// Who may have to be told by push at all, and through whom.
import type { Settings } from '../apps/settings.ts';
import { isPassenger } from '../ids.ts';
import { messageFlags, type PushWords } from '../messages/message.ts';
import type { MessagePlace } from '../messages/place.ts';
import type { ProviderName } from '../ports/push.ts';
import type { Device } from './install.ts';

const unpushed = messageFlags.silent | messageFlags.uncounted | messageFlags.onlineOnly;

type Keys = Pick<Settings, `push.${ProviderName}`>;

/** The app has somebody to push through. */
export const canPush = (settings: Keys): boolean =>
  settings['push.apns'] !== null ||
  settings['push.fcm'] !== null ||
  settings['push.webpush'] !== null ||
  settings['push.webhook'] !== null;

/** Whether the absent are told of a message: never in rooms, never passengers, never where its sender did not want it. */
export function wantsPush(settings: Keys, place: MessagePlace, flags: number, push: PushWords | undefined): boolean {
  if (push?.enable === false || (flags & unpushed) !== 0 || !canPush(settings)) return false;
  switch (place.kind) {
    case 'direct':
    case 'thread':
      return !isPassenger(place.to);
    case 'group':
    case 'temporary':
    case 'service':
      return true;
    case 'room':
      return false;
    default:
      return place satisfies never;
  }
}

const byPlatform: Readonly<Record<string, ProviderName>> = { ios: 'apns', android: 'fcm', web: 'webpush' };

/** The service of the device's platform where the app has its keys, else the app's webhook; undefined: nobody. */
export function providerFor(settings: Keys, { platform, token }: Device): ProviderName | undefined {
  const own = token === null || platform === null ? undefined : byPlatform[platform];
  if (own !== undefined && settings[`push.${own}`] !== null) return own;
  return settings['push.webhook'] === null ? undefined : 'webhook';
}
