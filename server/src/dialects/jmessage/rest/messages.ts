// Messages: said in somebody's name, and taken back.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { ImError } from '../../../core/errors.ts';
import { guestId } from '../../../core/guests/id.ts';
import { welcomeGuests } from '../../../core/guests/welcome.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recallMessage } from '../../../core/messages/recall.ts';
import { type SendTarget, sendMessage } from '../../../core/messages/send.ts';
import { type SpeakPolicy, sessionPolicy } from '../../../core/messages/speak.ts';
import type { User } from '../../../core/users/user.ts';
import { addThumb } from '../add-thumb.ts';
import { appOf } from '../caller.ts';
import { openGroup, openRoom } from '../gatherings.ts';
import { openNamed } from '../names.ts';
import { openApp, originOf } from '../other-apps.ts';
import { type MessageRequest, readMessage } from '../read-message.ts';
import { objectOf } from './body.ts';
import { answer, done, on } from './conventions.ts';
import { describe } from './describe.ts';
import { numberIn, segment } from './query.ts';
import { nothing } from './schemas.ts';
import * as shapes from './schemas-messages.ts';

const tag = 'Messages';
const retractMsMax = 3 * 60_000;

export type MessageOptions = {
  readonly core: Core;
  readonly publicUrl: (request: FastifyRequest) => string;
};

export function messageRoutes(door: FastifyInstance, { core, publicUrl }: MessageOptions): void {
  const send = describe('/v1/messages', {
    tag,
    summary: 'Send a message',
    description:
      '201 from an admin, 200 from a user. An admin needs to be in no group and is stopped by no list; a user is as if he sent it himself. A header `Idempotency-Key` makes a repeated request the same message.',
    body: shapes.newMessage,
    answers: { 200: shapes.sent, 201: shapes.sent },
  });
  door.post('/v1/messages', { schema: send, config: on('messages') }, async (request, reply) => {
    const app = appOf(request);
    const message = readMessage(objectOf(request), publicUrl(request), request.headers['idempotency-key']);
    const { no, ts } = await speak(core, app, message, publicUrl(request));
    return answer(reply, { msg_id: no, msg_ctime: ts }, message.from.admin ? 201 : 200);
  });

  const url = '/v1/messages/:username/:msgid/retract';
  const retract = describe(url, {
    tag,
    summary: 'Take a message back',
    description: 'Within three minutes, by its sender, once. Whoever had it is told; reports keep an empty record.',
    answers: { 204: nothing },
  });
  door.post(url, { schema: retract, config: on('messages') }, async (request, reply) => {
    const app = appOf(request);
    const no = numberIn(request, 'msgid');
    const { id } = await openNamed(core, app, segment(request, 'username'));
    await takeBack(core, app, id, no);
    return done(reply);
  });
}

/** The order of the checks is that of the documents: the app, the sender, the target, the right to send, the state. */
async function speak(core: Core, app: App, { appkey, from, target, draft }: MessageRequest, publicUrl: string) {
  const home = await openApp(core, app, appkey);
  const sender = await openNamed(core, app, from.name);
  const there = await openTarget(core, home, target);
  if (!from.admin && !app.settings['jmessage.restUserSend'])
    throw new ImError('feature-off', 'only admins may send here', { what: 'jmessage.restUserSend' });
  const content = await addThumb(core, app, draft.content, publicUrl);
  const policy = from.admin ? adminPolicy : userPolicy(app);
  const as = from.admin ? 'admin' : 'user';
  const here = home === app ? there : await targetHere(core, app, home, target);
  if (here) return sendMessage(core, app, { who: sender.id, as }, here, { ...draft, content }, policy);
  // Nobody of this app takes part in it: whoever needs no standing speaks there.
  assertMayLeave(sender, from.admin);
  const [who = sender.id] = await welcomeGuests(core, home, app, [sender.id]);
  return sendMessage(core, home, { who, as }, there, { ...draft, content }, { ...policy, sender: 'guest' });
}

/** What this app has of another app's: somebody as a guest, a group or room by its twin. */
async function targetHere(
  core: Core,
  app: App,
  home: App,
  target: MessageRequest['target'],
): Promise<SendTarget | undefined> {
  if (target.type === 'single') {
    const [to = target.name] = await welcomeGuests(core, app, home, [target.name]);
    return { kind: 'direct', to };
  }
  const twin = await core.store.guests.twinOf(app.no, home.no, target.no);
  return twin === undefined ? undefined : { kind: 'conversation', id: String(twin) };
}

/** What the other app cannot know of somebody. */
function assertMayLeave({ admin, disabled }: User, asAdmin: boolean): void {
  if (asAdmin && !admin) throw new ImError('forbidden', 'no admin', { purpose: 'send', what: 'sender' });
  if (disabled) throw new ImError('disabled', 'this user is disabled', { purpose: 'send' });
}

const adminPolicy: SpeakPolicy = {
  sender: 'admin',
  target: 'exists',
  groupStanding: 'none',
  roomStanding: 'none',
  friendship: 'recorded',
  obey: { silence: false, blocks: false, disabled: true, words: 'off' },
  echoToSender: 'none',
};

const userPolicy = ({ settings }: App): SpeakPolicy => ({
  ...sessionPolicy,
  sender: 'exists',
  obey: { ...sessionPolicy.obey, words: settings['jmessage.refuseWords'] ? 'refuse' : 'off' },
  echoToSender: 'none',
});

async function openTarget(core: Core, app: App, target: MessageRequest['target']): Promise<SendTarget> {
  switch (target.type) {
    case 'single':
      return { kind: 'direct', to: (await openNamed(core, app, target.name)).id };
    case 'group':
      return { kind: 'conversation', id: (await openGroup(core, app, target.no)).id };
    case 'chatroom':
      return { kind: 'room', id: (await openRoom(core, app, target.no)).id };
    default:
      return target satisfies never;
  }
}

/** Whoever takes back what he said needs no standing any more. */
const retractPolicy: SpeakPolicy = {
  ...adminPolicy,
  sender: 'exists',
  obey: { ...adminPolicy.obey, disabled: false },
};

async function takeBack(core: Core, app: App, who: string, no: number): Promise<void> {
  const { at, message } = (await findSaid(core, app, no)) ?? {};
  const [place] = at && message ? await core.store.conversations.keys(at.no, [message.conversation]) : [];
  if (!at || !message || !place) throw notFound();
  const sender = at === app ? who : guestId(who, app);
  if (message.sender !== sender) throw new ImError('not-the-sender', 'said by somebody else');
  const policy: SpeakPolicy = at === app ? retractPolicy : { ...retractPolicy, sender: 'guest' };
  const change = { target: { kind: 'conversation', id: place.id }, ts: message.ts, policy } as const;
  const rule = { withinMs: retractMsMax, again: 'error' } as const;
  await recallMessage(core, at, { who: sender, as: message.as }, change, rule).catch((error) => {
    // Where it was said is gone, and so is whoever would have to be told.
    throw error instanceof ImError && error.code === 'conversation-not-found' ? notFound() : error;
  });
}

/** Said in this app, or by one of its people in another one. */
async function findSaid(core: Core, app: App, no: number): Promise<{ at: App; message: Message } | undefined> {
  const message = await core.store.messages.byNo(app.no, no);
  if (message) return { at: app, message };
  for (const appkey of app.settings['jmessage.crossApps']) {
    const other = await core.apps.byId(appkey);
    const found = other && (await core.store.messages.byNo(other.no, no));
    const sender = found?.sender ?? null;
    if (other && found && sender !== null && (await originOf(core, other, sender)).app.no === app.no)
      return { at: other, message: found };
  }
  return undefined;
}

const notFound = () => new ImError('message-not-found', 'there is no such message');
