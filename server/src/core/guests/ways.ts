// Where else something is said, changed or taken back: the same talk in other apps.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { isPassenger } from '../ids.ts';
import type { Message } from '../messages/message.ts';
import { findRoute, type OpenRoute, openRoute, type Route } from '../messages/route.ts';
import type { Speaker, SpeakPolicy } from '../messages/speak.ts';
import type { Linked } from './guest.ts';
import { areNeighbours, homeOf, nameElsewhere } from './name.ts';
import { settleTwins } from './settle.ts';
import { welcomeGuests } from './welcome.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'apps' | 'hooks' | 'clock'>;

/** The talk as another app has it, and as whom it knows the speaker. */
export type Way = {
  readonly app: App;
  readonly speaker: Speaker;
  readonly route: OpenRoute;
};

/** The other app has looked at the speaker himself; what binds there is what that app says of him. */
const demands = { sender: 'guest', target: 'exists', echoToSender: 'all' } as const;
const anyone = {
  groupStanding: 'none',
  roomStanding: 'none',
  friendship: 'recorded',
  obey: { silence: false, blocks: false, disabled: false, words: 'off' },
} as const;

/**
 * Nothing where nobody of another app takes part, or the apps may not address each other any more. At the conversation's
 * home `policy` holds as it does here; in other twins nothing is asked. Throws what findRoute throws.
 */
export async function waysFrom(
  core: Ports,
  app: App,
  speaker: Speaker,
  { place }: Pick<Route, 'place'>,
  policy: SpeakPolicy,
): Promise<Way[]> {
  if (isPassenger(speaker.who)) return [];
  if (place.kind === 'direct') return directWay(core, app, speaker, place.to, policy);
  if (place.kind !== 'group' && place.kind !== 'room') return [];
  const links = await linksOf(core, app, place.id);
  if (!links) return [];
  const here = links.home.app === app.no;
  const ways: Way[] = [];
  const places: readonly Linked[] = [links.home, ...links.twins];
  for (const there of places.filter((one) => one.app !== app.no)) {
    const other = await core.apps.byId(there.appId);
    const home = here ? app : await core.apps.byId(links.home.appId);
    if (!other || !home || !areNeighbours(home, other) || !areNeighbours(home, app)) continue;
    const asked = there === links.home ? policy : anyone;
    ways.push(await wayTo(core, app, speaker, other, { kind: 'conversation', id: there.id }, asked));
  }
  return ways;
}

async function directWay(core: Ports, app: App, speaker: Speaker, to: string, policy: SpeakPolicy): Promise<Way[]> {
  const guest = isPassenger(to) ? undefined : await homeOf(core, app, to);
  if (!guest || !areNeighbours(app, guest.app)) return [];
  await welcomeGuests(core, guest.app, app, [speaker.who]);
  return [await wayTo(core, app, speaker, guest.app, { kind: 'direct', to: guest.name }, policy)];
}

async function wayTo(
  core: Ports,
  app: App,
  { who, as }: Speaker,
  other: App,
  target: Parameters<typeof findRoute>[3],
  asked: Pick<SpeakPolicy, keyof typeof anyone>,
): Promise<Way> {
  const speaker = { who: await nameElsewhere(core, app, who, other), as };
  const { groupStanding, roomStanding, friendship, obey } = asked;
  const policy = { ...demands, groupStanding, roomStanding, friendship, obey: { ...obey, disabled: false } };
  const route = await findRoute(core, other, speaker, target, policy);
  return { app: other, speaker, route: await openRoute(core, other, speaker.who, route) };
}

/** As they are: after an interruption twins may have to catch up first. */
async function linksOf(core: Ports, app: App, id: string) {
  const facts = await core.facts.group(app.no, id);
  if (!facts || (!facts.links && !facts.guests)) return undefined;
  if (facts.links?.settled) return facts.links;
  await settleTwins(core, app, facts.conversation, facts.guests ? [...facts.roster] : []);
  return (await core.facts.group(app.no, id))?.links;
}

/** To where a message that stands here was carried. Whoever changes what he said needs no standing any more. */
export async function waysBack(core: Ports, app: App, message: Message, route: Pick<Route, 'place'>): Promise<Way[]> {
  const { sender: who, as } = message;
  return who === null || message.no === 0 ? [] : waysFrom(core, app, { who, as }, route, { ...demands, ...anyone });
}

/** By which reference the copies of a message are found. */
export const copyRef = (app: App, { no }: Pick<Message, 'no'>): string => `copy:${app.no}/${no}`;

/** The copy of a message at the end of a way. */
export const copyOf = (
  { store }: Pick<Core, 'store'>,
  app: App,
  message: Pick<Message, 'no'>,
  way: Way,
): Promise<Message | undefined> =>
  store.messages.byRef(way.app.no, way.route.conversation, way.speaker.who, copyRef(app, message));
