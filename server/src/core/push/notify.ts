// Finds out who of those a message was for is absent and wants to be told, a page of people at a time.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { isPassenger, type PrincipalKey } from '../ids.ts';
import { conversationSubject, everything, principalSubject, type SubjectKey } from '../subjects.ts';
import type { Cause, Job, Spread } from './outbox.ts';
import { providerFor } from './wanted.ts';

type Ports = Pick<Core, 'store' | 'presence'>;

/** Their parts are written in one transaction, for which everybody who talks has to wait. */
const peoplePerStep = 100;

/** One step: the devices to be told among the next people, and where to go on. */
export async function spreadOf(core: Ports, app: App, { no, cause, cursor }: Job): Promise<Spread> {
  const page = await audienceOf(core, app.no, cause, cursor);
  const absent = await absentAmong(core, app.no, cause, page.who);
  const devices = absent.length > 0 ? await core.store.installs.of(app.no, absent) : [];
  const to = devices.flatMap((device) => {
    const kind = providerFor(app.settings, device);
    return kind === undefined ? [] : [{ install: device.install, who: device.who, kind }];
  });
  return { no, to, ...(page.more === undefined ? {} : { cursor: page.more }) };
}

type Page = { readonly who: readonly PrincipalKey[]; readonly more?: PrincipalKey };

async function audienceOf(core: Ports, app: number, cause: Cause, cursor: PrincipalKey | null): Promise<Page> {
  const one = personOf(cause);
  if (one !== undefined) return { who: [one] };
  const conversation = conversationOf(cause);
  const who = await core.store.installs.audience(app, conversation, cursor, peoplePerStep);
  return { who, ...(who.length < peoplePerStep ? {} : { more: who.at(-1) }) };
}

/** undefined: it is for everybody of a conversation. */
function personOf(cause: Cause): PrincipalKey | undefined {
  if (cause.type === 'announcement') return cause.to.kind === 'user' ? cause.to.id : undefined;
  return 'to' in cause.place ? cause.place.to : undefined;
}

const conversationOf = (cause: Cause): number =>
  cause.type === 'message' ? cause.conversation : cause.to.kind === 'conversation' ? cause.to.no : 0;

/** People without a session, who are not the speaker and not quiet about him, the conversation or everything. */
async function absentAmong(
  { store, presence }: Ports,
  app: number,
  cause: Cause,
  who: readonly PrincipalKey[],
): Promise<PrincipalKey[]> {
  const sender = cause.type === 'message' ? cause.sender : null;
  const only = cause.type === 'message' && cause.only ? new Set(cause.only) : undefined;
  const meant = who.filter((one) => one !== sender && !isPassenger(one) && (only?.has(one) ?? true));
  const online = await presence.online(app, meant);
  const absent = meant.filter((one) => !online.has(one));
  if (absent.length === 0) return [];
  const quiet = new Set<PrincipalKey>();
  for (const subject of subjectsOf(cause))
    for (const one of await store.quiets.among(app, subject, absent)) quiet.add(one);
  return absent.filter((one) => !quiet.has(one));
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
