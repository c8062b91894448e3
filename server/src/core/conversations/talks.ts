// The list of talks that a messenger opens with: newest first, each with its newest message and what is unread.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { isPassenger, type PrincipalKey } from '../ids.ts';
import type { Unread } from '../marks/mark.ts';
import { newestOf, type View } from '../messages/history.ts';
import type { Message } from '../messages/message.ts';
import type { Talk } from './conversation.ts';

/** What two people of a direct talk are to each other; groups are of one sort. */
export type TalkKind = 'group' | 'friend' | 'stranger' | 'passenger';

export type ListedTalk = {
  readonly talk: Talk;
  readonly kind: TalkKind;
  readonly recent: Message | null;
  readonly unread: Unread;
};

/** `views`: what the door shows of each kind as the newest message. That `who` exists is the door's to check. */
export async function listTalks(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  who: PrincipalKey,
  page: { readonly before?: number; readonly limit: number },
  views: Readonly<Record<TalkKind, View>>,
): Promise<ListedTalk[]> {
  const [talks, friends] = await Promise.all([
    core.store.conversations.talks(app.no, who, page),
    isPassenger(who) ? [] : core.store.friends.ids(app.no, who),
  ]);
  const kindOf = kindsFor(who, new Set(friends));
  const numbers = talks.map(({ conversation }) => conversation.no);
  const [unread, recent] = await Promise.all([
    core.store.marks.unread(app.no, who, numbers),
    newestByKind(core, app, talks, kindOf, views),
  ]);
  return talks.map((talk, n) => ({
    talk,
    kind: kindOf(talk),
    recent: recent.get(talk.conversation.no) ?? null,
    unread: unread[n] as Unread,
  }));
}

const kindsFor =
  (who: PrincipalKey, friends: ReadonlySet<PrincipalKey>) =>
  ({ peer }: Talk): TalkKind => {
    if (!peer) return 'group';
    if (isPassenger(peer.who) || isPassenger(who)) return 'passenger';
    return friends.has(peer.who) ? 'friend' : 'stranger';
  };

async function newestByKind(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  talks: readonly Talk[],
  kindOf: (talk: Talk) => TalkKind,
  views: Readonly<Record<TalkKind, View>>,
): Promise<Map<number, Message>> {
  const kinds = ['group', 'friend', 'stranger', 'passenger'] as const;
  const found = await Promise.all(
    kinds.map((kind) => {
      const some = talks.filter((talk) => kindOf(talk) === kind).map(({ conversation }) => conversation);
      return newestOf(core, app, some, views[kind]);
    }),
  );
  return new Map(found.flat().flatMap((message) => (message ? [[message.conversation, message]] : [])));
}
