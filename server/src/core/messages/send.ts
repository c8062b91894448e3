// The one way in for a live message: find the conversation, check that the speaker may speak, store, announce.
// Stored first, announced second: who hears of a message can always find it again.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { type Carry, planCarry } from '../guests/carry.ts';
import { looksLikeGuest } from '../guests/id.ts';
import { isPassenger, type PrincipalKey } from '../ids.ts';
import type { Say } from '../ports/hooks.ts';
import { wantsPush } from '../push/wanted.ts';
import { soon } from '../soon.ts';
import { allowedWords } from '../words/allowed-words.ts';
import { askAboutMessage, tellOfMessage } from './hooked.ts';
import { type Append, type Appended, type Draft, type Message, messageFlags, type PushJob } from './message.ts';
import { findRoute, type OpenRoute, openRoute, type Route, type SendTarget } from './route.ts';
import type { Speaker, SpeakPolicy } from './speak.ts';

export type { SendTarget } from './route.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'apps' | 'words' | 'presence' | 'hooks' | 'clock'>;

export type Sent = {
  readonly message: Message;
  /** The conversation's `ts` before this message; 0 where that is not known. */
  readonly prev: number;
  /** False: the reference was seen before, and `message.ts` is the first message's. */
  readonly fresh: boolean;
  /** The app's sensitive words were starred out of what the sender said. */
  readonly starred: boolean;
};

/**
 * Resolves when the message has its place in the store's queue; `done` when it is durable and announced. A door that
 * must keep the order of one speaker awaits this call before the next one, and so still shares commits.
 * Throws what findRoute throws; `done` what `append` throws.
 */
export async function stageMessage(
  core: Ports,
  app: App,
  speaker: Speaker,
  target: SendTarget,
  draft: Draft,
  policy: SpeakPolicy,
  origin?: Origin,
): Promise<{ done: Promise<Sent> }> {
  if (policy.sender === 'ensure' || policy.target === 'ensure') await introduce(core, app, speaker, target, policy);
  // Only what has to be asked for is awaited: mostly all of it is known.
  const found = soon(findRoute(core, app, speaker, target, policy), (closed) =>
    openRoute(core, app, speaker.who, closed),
  );
  const route = found instanceof Promise ? await found : found;
  const checked = allowedWords(core, app, draft.content, policy.obey);
  const allowed = checked instanceof Promise ? await checked : checked;
  // A starred text must not come back unstarred through the sender's own door.
  const worded = allowed === draft.content ? draft : { ...draft, content: allowed, original: undefined };
  const say = core.hooks?.wants(app, 'message') ? await askAboutMessage(core, app, speaker, route, worded) : nothing;
  const said: Draft = say.draft ? { ...worded, original: undefined, ...say.draft } : worded;
  const append: Append = {
    app: app.no,
    conversation: route.conversation,
    sender: speaker.who,
    as: speaker.as,
    content: said.content,
    original: said.original,
    flags: route.flags | (draft.flags ?? 0),
    mentions: draft.mentions,
    ref: draft.ref,
    job: pushJob(app, route, draft, say.receivers),
  };
  const starred = allowed !== draft.content && !say.draft;
  if (say.drop) return { done: Promise.resolve({ ...dropped(core, append), starred: false }) };
  const { place } = route;
  const staysHere = place.kind === 'direct' && !looksLikeGuest(place.to);
  const carry = staysHere ? undefined : await planCarry(core, app, speaker, route, said, policy, pushJob);
  const { address } = speaker;
  return {
    done: finish(core, app, { append, draft, starred, route, policy, only: say.receivers, origin, address, carry }),
  };
}

const nothing: Say = {};

/** As stageMessage, for callers who have nothing else to say meanwhile. */
export async function sendMessage(...args: Parameters<typeof stageMessage>): Promise<Message> {
  return (await (await stageMessage(...args)).done).message;
}

/** Whoever is allowed to appear by being named is there from now on. */
async function introduce(
  core: Ports,
  app: App,
  speaker: Speaker,
  target: SendTarget,
  policy: SpeakPolicy,
): Promise<void> {
  const people: PrincipalKey[] = [];
  if (policy.sender === 'ensure') people.push(speaker.who);
  if (policy.target === 'ensure' && (target.kind === 'direct' || target.kind === 'thread')) people.push(target.to);
  const missing: PrincipalKey[] = [];
  for (const who of people) if (!isPassenger(who) && !(await core.facts.person(app.no, who))) missing.push(who);
  if (missing.length > 0) await core.store.users.ensure(app.no, missing, core.clock.now());
}

/** Whom it concerns is found out later, by a worker: the sender waits for none of it. */
const pushJob = (
  app: App,
  { place, flags }: Route,
  { push, flags: own = 0 }: Draft,
  only?: readonly PrincipalKey[],
): PushJob | undefined => (wantsPush(app.settings, place, flags | own, push) ? { place, push, only } : undefined);

/** The application wants it to look as if it had been said. */
function dropped({ facts }: Ports, append: Append): Omit<Sent, 'starred'> {
  const { ts } = facts.loose({ ...append, ref: undefined });
  return { message: messageOf(append, { ts, no: 0 }), prev: 0, fresh: false };
}

function messageOf(
  { app: _app, ref: _ref, job: _job, ...said }: Append,
  { ts, no }: Pick<Appended, 'ts' | 'no'>,
): Message {
  return { ...said, ts, sub: 0, no };
}

type Saying = {
  readonly append: Append;
  readonly draft: Draft;
  readonly starred: boolean;
  readonly route: OpenRoute;
  readonly policy: SpeakPolicy;
  readonly only: readonly PrincipalKey[] | undefined;
  readonly origin: Origin | undefined;
  readonly address: string | undefined;
  readonly carry: Carry | undefined;
};

async function finish(core: Ports, app: App, saying: Saying): Promise<Sent> {
  const { append, draft, starred, route, policy, only, origin, address, carry } = saying;
  const kept = route.keeps && (append.flags & messageFlags.onlineOnly) === 0;
  const appended = kept ? await core.store.messages.append(append) : core.facts.loose(append);
  const message = messageOf(append, appended);
  const { prev, fresh } = appended;
  // A retry carries it again: what was interrupted is made good.
  if (carry && (fresh || kept)) await carry(message);
  if (fresh) {
    const { place, topics } = route;
    const { ref, push, priority } = draft;
    const echo = policy.echoToSender;
    const told = starred ? { starred } : {};
    core.bus.publish(
      { type: 'message', app: app.no, message, place, prev, ref, echo, priority, push, only, origin, ...told },
      topics,
    );
    tellOfMessage(core, app, route, message, address);
  }
  return { message, prev, fresh, starred };
}
