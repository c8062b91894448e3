// Tells one device through one provider, and says what became of it.
import { createHash } from 'node:crypto';
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Notification, Outcome, ProviderName, PushDoor, PushProviders, Told } from '../ports/push.ts';
import type { Device } from './install.ts';
import type { Cause, Job } from './outbox.ts';
import { providerFor } from './wanted.ts';
import { compose, fillingsOf } from './words.ts';

export type DeliverPorts = {
  readonly core: Pick<Core, 'store' | 'presence'>;
  readonly providers: PushProviders;
  readonly doors: readonly PushDoor[];
};

/** `skipped`: there is nobody or nothing to be told any more. */
export type Delivered = Outcome | { readonly kind: 'skipped' };

/** How long a push is worth anything. */
export const lifeMs = 24 * 60 * 60 * 1000;

export async function deliver(
  ports: DeliverPorts,
  app: App,
  kind: ProviderName,
  job: Job,
  signal: AbortSignal,
): Promise<Delivered> {
  const device = await deviceOf(ports, app, kind, job);
  const told = device && (await toldOf(ports, app, job.cause));
  if (!device || !told) return { kind: 'skipped' };
  const notification = await notificationFor(ports, app, job, device, told);
  const outcome = await ports.providers[kind].send(app, notification, signal);
  if (outcome.kind === 'dead-token') await ports.core.store.installs.forget(app.no, device.install, device.token ?? '');
  return outcome;
}

/** The device as it is now: it may have logged out, changed hands or come online since the message was said. */
async function deviceOf(
  { core }: DeliverPorts,
  app: App,
  kind: ProviderName,
  { device }: Job,
): Promise<Device | undefined> {
  if (!device) return undefined;
  const [now] = await core.store.installs.byIds(app.no, [device.install]);
  if (now?.who !== device.who || providerFor(app.settings, now) !== kind) return undefined;
  const online = await core.presence.online(app.no, [device.who]);
  return online.has(device.who) ? undefined : now;
}

/** undefined: the message is gone, or was taken back. */
async function toldOf({ core }: DeliverPorts, app: App, cause: Cause): Promise<Told | undefined> {
  if (cause.type === 'announcement') return { type: 'announcement', content: cause.content, ts: cause.ts };
  const message = await core.store.messages.at(app.no, cause.conversation, cause.ts);
  if (!message || message.content.type === 'recalled') return undefined;
  return { type: 'message', message, place: cause.place };
}

async function notificationFor(
  { core, doors }: DeliverPorts,
  app: App,
  job: Job,
  device: Device,
  told: Told,
): Promise<Notification> {
  const { push } = job.cause;
  const content = told.type === 'message' ? told.message.content : told.content;
  const fillings = await fillingsOf(core, app, told);
  return {
    id: deliveryId(app.no, job.causeNo, device.install),
    who: device.who,
    install: device.install,
    platform: device.platform,
    token: device.token ?? '',
    ...compose(app, content, push, device.language, fillings),
    ...(push?.sound === undefined ? {} : { sound: push.sound }),
    ...(push?.badge === undefined ? {} : { badge: push.badge }),
    ...(push?.contentAvailable === undefined ? {} : { contentAvailable: push.contentAvailable }),
    data: (bytes) => {
      const extras = push?.extras ?? {};
      const size = push?.extras ? Buffer.byteLength(JSON.stringify(extras)) : 0;
      // The sender's own keys go first; where they do not fit, the doors' are worth more.
      const rest = size > bytes / 2 ? bytes : bytes - size;
      const own = rest < bytes || size === 0 ? extras : {};
      return Object.assign({}, own, ...doors.map((door) => door(told, Math.floor(rest / doors.length))));
    },
    createdAt: job.createdAt,
    expiresAt: job.createdAt + lifeMs,
  };
}

/** A UUID that is the same for the same device and cause, so that whoever is told twice can know it. */
function deliveryId(app: number, cause: number, install: string): string {
  const hex = createHash('sha256').update(`${app}/${cause}/${install}`).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
