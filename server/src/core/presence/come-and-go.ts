// Coming online and going offline, told to friends on their own topics and, where the session asked for it, to all.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { tellHook } from '../hooks/ask.ts';
import { isPassenger, type PrincipalKey } from '../ids.ts';
import { appTopic, userTopic } from '../ports/bus.ts';
import type { SessionEnd, SessionFacts } from '../ports/hooks.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'presence' | 'hooks'>;

/** A session is live from now on. Announces `online` when it is the principal's first. */
export async function enterPresence(
  core: Ports,
  app: App,
  who: PrincipalKey,
  session: string,
  toAll: boolean,
  facts: SessionFacts = {},
): Promise<void> {
  const { first } = await core.presence.enter(app.no, who, session, toAll);
  tellHook(core, app, { hook: 'online', who, address: facts.address, session, facts });
  if (first && !isPassenger(who)) await announcePresence(core, app.no, who, 'online', toAll);
}

/** A session is gone. Announces `offline` when it was the principal's last. */
export async function leavePresence(
  core: Ports,
  app: App,
  who: PrincipalKey,
  session: string,
  facts: SessionFacts = {},
  end: SessionEnd = { how: 'closed' },
): Promise<void> {
  const { last, toAll, held } = await core.presence.leave(app.no, who, session);
  if (held) return;
  tellHook(core, app, { hook: 'offline', who, address: facts.address, session, facts, end });
  if (last && !isPassenger(who)) await announcePresence(core, app.no, who, 'offline', toAll);
}

export async function announcePresence(
  core: Omit<Ports, 'hooks'>,
  app: number,
  who: PrincipalKey,
  type: 'online' | 'offline',
  toAll: boolean,
): Promise<void> {
  const friends = await core.store.friends.ids(app, who);
  // Only those who are online can hear it: without this a popular account would cost a publication per friend.
  const listening = [...(await core.presence.online(app, friends))];
  const event = { type, app, who, friends } as const;
  if (listening.length > 0)
    core.bus.publish(
      { ...event, toAll: false },
      listening.map((friend) => userTopic(app, friend)),
    );
  if (toAll) core.bus.publish({ ...event, toAll: true }, [appTopic(app)]);
}
