// The bus of many nodes, on NATS core. A node subscribes to what somebody connected to it wants. Its own listeners hear
// what it publishes without a round trip, as on a single node.
import { randomUUID } from 'node:crypto';
import type { Subscription } from '@nats-io/transport-node';
import type { CoreEvent } from '../core/events.ts';
import type { Bus, Note, Topic } from '../core/ports/bus.ts';
import type { Log } from '../core/ports/log.ts';
import { openLocalBus } from './local.ts';
import { openInbox } from './nats-inbox.ts';
import { type LinkMetrics, type NatsServers, openLink } from './nats-link.ts';
import { everybodySubject, framesOf, subjectOf } from './nats-wire.ts';

export type NatsBusOptions = NatsServers & {
  /** Installations that share a NATS server differ in it. Subject tokens. */
  readonly prefix: string;
  readonly log: Log;
  readonly metrics: LinkMetrics;
  /** Reads the message of an event that was too large for a frame. */
  readonly whole: (event: CoreEvent) => Promise<CoreEvent | undefined>;
};

/** An event for more topics than this goes to all nodes once, and each looks whether it wants one of them. */
const copiesMax = 3;
/** Notes in one frame; more are told as one that names everything. */
const notesMax = 1_000;
/** Bytes of events that nobody can catch up with, kept while NATS is away. */
const keptBytesMax = 256 * 1024;

const everything: Note = ['*'];

/** Kept nowhere else and still true later: told as soon as NATS is back. */
const lasting: ReadonlySet<CoreEvent['type']> = new Set<CoreEvent['type']>([
  'session-ended',
  'members-added',
  'members-removed',
  'conversation-deleted',
  'conversation-created',
  'friends-changed',
  'profile-changed',
  'quiet-changed',
  'block-changed',
  'shield-changed',
  'online',
  'offline',
]);

type Letter = { readonly subject: string; readonly data: Buffer };

export function openNatsBus({ prefix, log: parent, metrics, whole, ...to }: NatsBusOptions): Bus {
  const log = parent.child({ area: 'bus' });
  const here = openLocalBus();
  const node = randomUUID();
  const everybody = everybodySubject(prefix);
  const wanted = new Map<Topic, Subscription | undefined>();
  const gapListeners: ((where: 'here' | 'elsewhere') => void)[] = [];
  const kept: Letter[] = [];
  let keptBytes = 0;
  let count = 0;
  let notes: Note[] = [];
  /** Notes were dropped: the others have to forget everything. */
  let owing = false;

  const inbox = openInbox({
    whole,
    wanted: (topic) => wanted.has(topic),
    log,
    dropped: (n) => metrics.busDropped('slow', n),
  });

  const link = openLink(
    to,
    {
      opened() {
        link.subscribe(everybody, inbox.heard);
        for (const topic of wanted.keys()) wanted.set(topic, link.subscribe(subjectOf(prefix, topic), inbox.heard));
      },
      ready(again) {
        for (const listener of gapListeners) listener('here');
        owing ||= again;
        catchUp();
      },
      taking: catchUp,
    },
    log,
    metrics,
  );
  inbox.onNote((note) => {
    if (note[0] === everything[0]) for (const listener of gapListeners) listener('elsewhere');
  });

  function catchUp(): void {
    tellNotes();
    const letters = kept.splice(0);
    keptBytes = 0;
    for (const letter of letters) if (!link.send(letter.subject, letter.data)) keep(letter);
  }

  function keep(letter: Letter): void {
    kept.push(letter);
    keptBytes += letter.data.length;
    while (keptBytes > keptBytesMax) keptBytes -= kept.shift()?.data.length ?? keptBytes;
  }

  function tellNotes(): void {
    if (notes.length === 0 && !owing) return;
    const told = owing || notes.length > notesMax ? [everything] : notes;
    notes = [];
    owing = !link.send(everybody, Buffer.from(JSON.stringify({ by: node, notes: told })));
  }

  function tellOthers(event: CoreEvent, topics: readonly Topic[]): void {
    // Who answers an announcement at once must not be judged by what was true before it.
    if (notes.length > 0) tellNotes();
    const frames = framesOf(node, () => ++count, topics, event);
    if (frames.length === 0) {
      metrics.busDropped('too-large', 1);
      log.warn({ type: event.type }, 'an announcement is too large for other nodes');
    }
    const subjects = topics.length > copiesMax ? [everybody] : topics.map((topic) => subjectOf(prefix, topic));
    for (const data of frames)
      for (const subject of subjects) if (!link.send(subject, data) && lasting.has(event.type)) keep({ subject, data });
  }

  return {
    publish(event, topics) {
      here.publish(event, topics);
      tellOthers(event, topics);
    },
    onEvent(listener) {
      here.onEvent(listener);
      inbox.onEvent(listener);
    },
    async want(topic) {
      if (!wanted.has(topic)) wanted.set(topic, link.subscribe(subjectOf(prefix, topic), inbox.heard));
      await link.settled();
    },
    unwant(topic) {
      wanted.get(topic)?.unsubscribe();
      wanted.delete(topic);
    },
    tell(note) {
      if (notes.length === 0) setImmediate(tellNotes);
      if (notes.length <= notesMax) notes.push(note);
    },
    onNote: inbox.onNote,
    onGap(listener) {
      gapListeners.push(listener);
    },
    state: link.state,
    async close() {
      tellNotes();
      await link.close();
      await here.close();
    },
  };
}
