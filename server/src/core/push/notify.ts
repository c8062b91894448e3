// Finds out who of those a message was for is absent and wants to be told, a page of people at a time.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { askHook } from '../hooks/ask.ts';
import { isPassenger, type PrincipalKey } from '../ids.ts';
import type { PushWords } from '../messages/message.ts';
import type { Say } from '../ports/hooks.ts';
import { conversationSubject, everything, principalSubject, type SubjectKey } from '../subjects.ts';
import type { Cause, Job, Spread } from './outbox.ts';
import { providerFor } from './wanted.ts';

type Ports = Pick<Core, 'store' | 'presence' | 'hooks'>;

/** Their parts are written in one transaction, for which everybody who talks has to wait. */
const peoplePerStep = 100;

/** One step: the devices to be told among the next people, and where to go on. */
export async function spreadOf(core: Ports, app: App, { no, cause, cursor }: Job): Promise<Spread> {
  const page = await audienceOf(core, app.no, cause, cursor);
  const { who, push } = await toldAmong(core, app, cause, page.who);
  const devices = who.length > 0 ? await core.store.installs.of(app.no, who) : [];
  const to = devices.flatMap((device) => {
    const kind = providerFor(app.settings, device);
    return kind === undefined ? [] : [{ install: device.install, who: device.who, kind }];
  });
  const own = push === undefined ? {} : { cause: { ...cause, push } };
  return { no, to, ...own, ...(page.more === undefined ? {} : { cursor: page.more }) };
}

/** The absent who are not quiet, unless the application says otherwise; `push`: what it says instead. */
async function toldAmong(
  core: Ports,
  app: App,
  cause: Cause,
  people: readonly PrincipalKey[],
): Promise<{ who: readonly PrincipalKey[]; push?: PushWords }> {
  const absent = await absentAmong(core, app.no, cause, people);
  if (absent.length === 0) return { who: [] };
  const say = cause.type === 'message' && core.hooks?.wants(app, 'absent') ? await ask(core, app, cause, absent) : {};
  if (say.drop) return { who: [] };
  const meant = say.receivers ? absent.filter((one) => say.receivers?.includes(one)) : absent;
  const who = say.force ? meant : await withoutQuiet(core, app.no, cause, meant);
  return { who, ...(say.push === undefined ? {} : { push: say.push }) };
}

/** A refusal is a push that is not sent. */
async function ask(core: Ports, app: App, cause: Said, absent: readonly PrincipalKey[]): Promise<Say> {
  const message = await core.store.messages.at(app.no, cause.conversation, cause.ts);
  if (!message) return { drop: true };
  const { place, conversation: no } = cause;
  const conversation = { no, id: place.id ?? String(no), kind: place.kind };
  const { mentions, sender: who } = message;
  try {
    return await askHook(core, app, { hook: 'absent', who, conversation, message, absent, mentions });
  } catch (error) {
    if (error instanceof ImError && error.code === 'rejected-by-app') return { drop: true };
    throw error;
  }
}

type Said = Extract<Cause, { type: 'message' }>;
type Page = { readonly who: readonly PrincipalKey[]; readonly more?: PrincipalKey };

async function audienceOf(core: Ports, app: number, cause: Cause, cursor: PrincipalKey | null): Promise<Page> {
  const one = personOf(cause);
  if (one !== undefined) return { who: [one] };
  const { installs } = core.store;
  const who =
    cause.type === 'announcement' && cause.to.kind === 'all'
      ? await installs.everybody(app, cursor, peoplePerStep)
      : await installs.audience(app, conversationOf(cause), cursor, peoplePerStep);
  return { who, ...(who.length < peoplePerStep ? {} : { more: who.at(-1) }) };
}

/** undefined: it is for everybody of a conversation, or of the app. */
function personOf(cause: Cause): PrincipalKey | undefined {
  if (cause.type === 'announcement') return cause.to.kind === 'user' ? cause.to.id : undefined;
  return 'to' in cause.place ? cause.place.to : undefined;
}

const conversationOf = (cause: Cause): number =>
  cause.type === 'message' ? cause.conversation : cause.to.kind === 'conversation' ? cause.to.no : 0;

/** People without a session, who are not the speaker. */
async function absentAmong(
  { presence }: Ports,
  app: number,
  cause: Cause,
  who: readonly PrincipalKey[],
): Promise<PrincipalKey[]> {
  const sender = cause.type === 'message' ? cause.sender : null;
  const only = cause.type === 'message' && cause.only ? new Set(cause.only) : undefined;
  const meant = who.filter((one) => one !== sender && !isPassenger(one) && (only?.has(one) ?? true));
  const online = await presence.online(app, meant);
  return meant.filter((one) => !online.has(one));
}

/** Without those who are quiet about the speaker, the conversation or everything. */
async function withoutQuiet(
  core: Ports,
  app: number,
  cause: Cause,
  absent: readonly PrincipalKey[],
): Promise<PrincipalKey[]> {
  const quiet = new Set<PrincipalKey>();
  for (const subject of subjectsOf(cause))
    for (const one of await core.store.quiets.among(app, subject, absent)) quiet.add(one);
  if (quiet.size > 0 && cause.type === 'message')
    for (const one of await mentionedAmong(core, app, cause, [...quiet])) quiet.delete(one);
  return absent.filter((one) => !quiet.has(one));
}

/** Who is mentioned is told though he is quiet about the group; who is quiet about everything is not. */
async function mentionedAmong(
  { store }: Ports,
  app: number,
  { place, conversation, ts }: Said,
  quiet: readonly PrincipalKey[],
): Promise<PrincipalKey[]> {
  if (place.kind !== 'group' && place.kind !== 'temporary') return [];
  const mentions = (await store.messages.at(app, conversation, ts))?.mentions;
  if (!mentions) return [];
  const named = mentions.all ? quiet : quiet.filter((one) => mentions.who.includes(one));
  const deaf = named.length === 0 ? [] : await store.quiets.among(app, everything, named);
  return named.filter((one) => !deaf.includes(one));
}

/** Whatever somebody may be quiet about. Being quiet about everything is part of every answer. */
function subjectsOf(cause: Cause): SubjectKey[] {
  if (cause.type === 'announcement')
    return [cause.to.kind === 'conversation' ? conversationSubject(cause.to.no) : everything];
  const conversation = conversationSubject(cause.conversation);
  return cause.place.kind === 'direct' && cause.sender !== null
    ? [conversation, principalSubject(cause.sender)]
    : [conversation];
}
