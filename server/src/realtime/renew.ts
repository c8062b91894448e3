// After this node had lost the bus: are those who are connected here still allowed to be, and do they hear what they are
// in? Nobody else can tell what the announcements that got lost had said.
import type { Core } from '../core/core.ts';
import { bareId, isPassenger, type PrincipalKey } from '../core/ids.ts';
import { conversationTopic, userTopic } from '../core/ports/bus.ts';
import type { Hub } from './hub.ts';
import type { AnySession, SessionEndReason } from './session.ts';

/** People looked at at once: all nodes may do this at the same time, and the database has other work. */
const atOnce = 4;

type Parts = { readonly core: Pick<Core, 'store' | 'presence' | 'log'>; readonly hub: Hub };

export function renewSessions(parts: Parts): { begin(): void; stop(): void } {
  let round = 0;

  async function go(mine: number): Promise<void> {
    const everybody = new Map<string, AnySession>();
    for (const session of parts.hub.sessions()) everybody.set(`${session.app}/${session.who}`, session);
    const left = everybody.values();
    const worker = async (): Promise<void> => {
      for (const { app, who } of left) {
        if (mine !== round) return;
        await renew(parts, app, who);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  return {
    /** From the start again, when it is under way already. */
    begin() {
      round += 1;
      go(round).catch((err: unknown) => parts.core.log.warn({ err }, 'sessions could not be looked at'));
    },
    stop() {
      round += 1;
    },
  };
}

async function renew({ core, hub }: Parts, app: number, who: PrincipalKey): Promise<void> {
  const before = sessionsOf(hub, app, who).map((session) => ({ session, topics: new Set(session.topics) }));
  const why = await whyGone(core, app, who);
  const sentAwayAt = why || isPassenger(who) ? 0 : await core.store.users.sentAwayAt(app, who);
  const numbers = why ? [] : await core.store.conversations.numbersOf(app, who);
  for (const { session, topics } of before) {
    if (why) session.end(why);
    else if (sentAwayAt >= hub.cameAt(session)) session.end('kicked');
    else if (await isReplaced(core, session)) session.end('replaced');
    else await follow({ core, hub }, session, topics, numbers);
  }
}

const sessionsOf = (hub: Hub, app: number, who: PrincipalKey): AnySession[] => [...hub.listeners(userTopic(app, who))];

async function whyGone(
  { store }: Pick<Core, 'store'>,
  app: number,
  who: PrincipalKey,
): Promise<SessionEndReason | undefined> {
  if (isPassenger(who)) return (await store.passengers.byId(app, bareId(who))) ? undefined : 'erased';
  const user = await store.users.byId(app, who);
  if (!user) return 'erased';
  return user.disabled ? 'disabled' : undefined;
}

async function isReplaced({ store }: Pick<Core, 'store'>, { app, who, tagged }: AnySession): Promise<boolean> {
  if (!tagged) return false;
  const holder = await store.devices.tagHolder(app, who, tagged.tag);
  return holder !== undefined && holder !== tagged.device;
}

/** `before`: what it listened to before it was asked what it is in; what came since then is newer than the answer. */
async function follow(
  { core, hub }: Parts,
  session: AnySession,
  before: ReadonlySet<string>,
  numbers: readonly number[],
): Promise<void> {
  const { app } = session;
  const attended = await core.presence.attending(app, session.id);
  const wanted = new Set([...numbers, ...attended].map((no) => conversationTopic(app, no)));
  for (const topic of before) if (topic.startsWith(`${app}/c/`) && !wanted.has(topic)) hub.unlisten(session, topic);
  await Promise.all([...wanted].map((topic) => session.topics.has(topic) || hub.listen(session, topic)));
}
