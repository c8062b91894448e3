import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { newestOf, type View } from '../messages/history.ts';
import type { Message } from '../messages/message.ts';
import { assertUsers, openUser } from '../users/open.ts';
import type { Stranger } from './friend.ts';

type Ports = Pick<Core, 'store' | 'presence' | 'clock'>;
export type StrangerPage = { readonly skip: number; readonly limit: number; readonly among?: readonly string[] };
export type StrangerDetail = { readonly stranger: Stranger; readonly online: boolean; readonly recent: Message | null };

/** Newest contact first; people who have become friends since are left out. Throws `user-not-found`. */
export async function listStrangers(
  core: Pick<Core, 'store'>,
  app: App,
  who: string,
  page: StrangerPage,
): Promise<Stranger[]> {
  await openUser(core, app, who);
  return core.store.friends.strangers(app.no, who, page);
}

/** The same, with whether each is online and the newest message inside the view. */
export async function listStrangerDetails(
  core: Ports,
  app: App,
  who: string,
  page: StrangerPage,
  view: View,
): Promise<StrangerDetail[]> {
  return withDetails(core, app, await listStrangers(core, app, who, page), view);
}

/** Throws `user-not-found`, `relation-not-found`. */
export async function openStranger(
  core: Ports,
  app: App,
  who: string,
  other: string,
  view: View,
): Promise<StrangerDetail> {
  await assertUsers(core, app, [who, other]);
  const stranger = await core.store.friends.stranger(app.no, who, other);
  if (!stranger) throw new ImError('relation-not-found', 'the two never talked as strangers');
  const [detail] = await withDetails(core, app, [stranger], view);
  return detail as StrangerDetail;
}

async function withDetails(
  core: Ports,
  app: App,
  strangers: readonly Stranger[],
  view: View,
): Promise<StrangerDetail[]> {
  const [online, recent] = await Promise.all([
    core.presence.online(
      app.no,
      strangers.map(({ id }) => id),
    ),
    newestOf(
      core,
      app,
      strangers.map(({ direct }) => direct),
      view,
    ),
  ]);
  return strangers.map((stranger, i) => ({ stranger, online: online.has(stranger.id), recent: recent[i] ?? null }));
}
