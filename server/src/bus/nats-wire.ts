// How events and notes look on NATS: subjects in which any id is legal, and JSON frames of a bounded size.
import type { CoreEvent } from '../core/events.ts';
import type { Note, Topic } from '../core/ports/bus.ts';

/** Above this a stored message travels without its content, which the receiver reads: large frames hold up small ones. */
export const wholeBytesMax = 64 * 1024;
/** What a NATS server takes by default. */
export const frameBytesMax = 1024 * 1024;

/** One frame. `by`: the node; `n`: its count, increasing, equal in all copies of one event. */
export type Frame =
  | {
      readonly by: string;
      readonly n: number;
      readonly topics: readonly Topic[];
      readonly event: CoreEvent;
      readonly cut?: 1;
    }
  | { readonly by: string; readonly notes: readonly Note[] };

const plain = /^[\w-]+$/;

/** One token of a subject. An id that is not plain is spelt in base64url behind a sign that no plain one has. */
const token = (text: string): string =>
  plain.test(text) ? text : `=${Buffer.from(text, 'utf8').toString('base64url')}`;

/** `7/u/ann` → `<prefix>.7.u.ann`. */
export function subjectOf(prefix: string, topic: Topic): string {
  const [app = '', kind = '', ...rest] = topic.split('/');
  return rest.length === 0
    ? `${prefix}.${app}.${token(kind)}`
    : `${prefix}.${app}.${token(kind)}.${token(rest.join('/'))}`;
}

/** What every node hears. No topic has this subject: an app is a number. */
export const everybodySubject = (prefix: string): string => `${prefix}.nodes`;

type MessageLike = Extract<CoreEvent, { message: unknown }>;

/** Whether a receiver can read the message itself: it is stored. */
export const isStored = (event: CoreEvent): event is MessageLike => 'message' in event && event.message.no > 0;

/**
 * The frames of one event: one, or several where a list of people is too long for one. Empty: it fits in none.
 */
export function framesOf(by: string, next: () => number, topics: readonly Topic[], event: CoreEvent): Buffer[] {
  const whole = Buffer.from(JSON.stringify({ by, n: next(), topics, event } satisfies Frame));
  if (whole.length <= wholeBytesMax) return [whole];
  if (isStored(event)) {
    const { original: _, ...kept } = event.message;
    const cut = { ...event, message: { ...kept, content: { type: 'text', text: '' } } } as CoreEvent;
    return [Buffer.from(JSON.stringify({ by, n: next(), topics, event: cut, cut: 1 } satisfies Frame))];
  }
  if (whole.length <= frameBytesMax) return [whole];
  return halves(event).flatMap((half) => framesOf(by, next, topics, half));
}

/** Who came or went together may be told in two parts. */
function halves(event: CoreEvent): CoreEvent[] {
  if (event.type !== 'members-added' && event.type !== 'members-removed') return [];
  const { who, everybody } = event;
  const most = Math.max(who.length, everybody?.length ?? 0);
  if (most < 2) return [];
  const middle = Math.ceil(most / 2);
  return [0, middle].map((from) => ({
    ...event,
    who: who.slice(from, from + middle),
    ...(everybody ? { everybody: everybody.slice(from, from + middle) } : {}),
  }));
}

/** Throws on what is no frame. */
export function readFrame(data: Uint8Array): Frame {
  const frame = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString()) as Partial<
    Record<'by' | 'n' | 'topics' | 'event' | 'notes', unknown>
  >;
  const isEvent = typeof frame.n === 'number' && Array.isArray(frame.topics) && typeof frame.event === 'object';
  if (typeof frame.by !== 'string' || !(isEvent || Array.isArray(frame.notes)))
    throw new Error('not a frame of this bus');
  return frame as Frame;
}
