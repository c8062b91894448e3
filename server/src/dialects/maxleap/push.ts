// What MaxLeap's clients look for in a push: the key `parrot`, a JSON text of the message as the socket would have said it.
import { type Message, messageFlags } from '../../core/messages/message.ts';
import type { PushDoor, Told } from '../../core/ports/push.ts';
import { endsOf } from './socket/ends.ts';
import { type MlWords, toContent } from './wire.ts';

/** What does not fit is cut: the remark goes first, then the end of the body. The client finds the whole in the history. */
export const maxleapPush: PushDoor = (told, bytes) => {
  const whole = shapeOf(told);
  const { remark: _, ...short } = whole;
  const candidates = [whole, short];
  for (let { body } = whole.content; body.length > 1; ) {
    body = body.slice(0, body.length >> 1);
    candidates.push({ ...short, content: { ...short.content, body: `${body.replace(/[\uD800-\uDBFF]$/, '')}…` } });
  }
  for (const candidate of candidates) {
    const data = { parrot: JSON.stringify(candidate) };
    if (Buffer.byteLength(JSON.stringify(data)) <= bytes) return data;
  }
  return {};
};

type Parrot = MlWords & { readonly ts: number; readonly [end: string]: unknown };

function shapeOf(told: Told): Parrot {
  if (told.type === 'announcement') return { ...toContent(told.content), ts: told.ts };
  const { message, place } = told;
  const said = { ...toContent(message.content), ts: message.ts };
  return isOfficial(message, told) ? said : { ...endsOf(message.sender, place, isBetweenFriends(message)), ...said };
}

/** Shown as the application's own word, as on the socket. */
const isOfficial = ({ as }: Message, { place }: Extract<Told, { type: 'message' }>): boolean =>
  place.kind === 'service' || place.kind === 'thread' || (place.kind === 'direct' && as === 'admin');

const isBetweenFriends = ({ flags }: Message): boolean => (flags & messageFlags.betweenFriends) !== 0;
