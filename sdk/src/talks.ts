// Conversations: who hears what. Events of the wire become messages and changes here, each in its conversation's order.

import type { Emitter } from './emitter.ts';
import type { FromWire, Wire } from './line.ts';
import { laneOf, type Outbox } from './outbox.ts';
import { fill, query, type Rest } from './rest.ts';
import { openTape, type Step, type Tape } from './tape.ts';
import type { Events, Kind, Message, Place, Talk, TalkInfo } from './types.ts';
import { wordingOf, wordsOf } from './words.ts';

type End = { id: string; type: number };

export const kinds = ['friend', 'group', 'room', 'passenger', 'stranger'] as const;

export const placeOf = (where: object): Place => {
  const [kind, id] = Object.entries(where)[0] as [Kind, string];
  return { id, type: kinds.indexOf(kind) as Place['type'] };
};

export function openTalks(
  wire: Wire,
  rest: Rest,
  { on, emit }: Emitter<Events>,
  outbox: Outbox,
  me: () => string,
  isPassenger: boolean,
) {
  const talks = new Map<string, Talk>();
  const tapes = new Map<string, Tape>();
  /** The server's time at the first login, ms: what a conversation that nothing was heard of holds since then was missed. */
  let base: number;
  const mine = isPassenger ? '/passengers/@0/' : '/ctx/@0/';
  const here = (path: string, ...ids: string[]): string => fill(path, me(), [undefined, ...ids]);

  /** Where history is kept: two places for a pair of users, who may have been friends for a part of it. */
  const historiesOf = ({ id, type }: Place): string[] =>
    (type === 2
      ? []
      : type === 1
        ? ['/groups/$1/chats?you=@0&']
        : type === 3
          ? ['/passengers/$1/chats/@0?']
          : isPassenger
            ? [`${mine}chats/$1?`]
            : [`${mine}friends/$1/chats?`, `${mine}strangers/$1/chats?`]
    ).map((path) => here(path, id));

  const isMe = ({ id, type }: End): boolean => id === me() && isPassenger === (type === 3);

  /** `own` decides which end names the conversation on this side. */
  const messageOf = (raw: FromWire, own: boolean): Message => ({
    ...(raw.content && wordsOf(raw)),
    talk: talkAt(own ? raw.to : { id: raw.from.gid ?? raw.from.id, type: raw.from.type }),
    from: raw.from.id,
    own,
    ts: raw.ts,
    edited: raw.editedTs ?? raw.edited,
    ref: raw.ref,
    raw,
  });

  /** A record of history, as it would have been heard. */
  const recorded = ({ id, type }: Place, record: FromWire): Message => {
    const own = isMe({ id: record.speaker, type: isPassenger ? 3 : 0 });
    const from = { id: record.speaker, type, ...(type === 1 && { gid: id }) };
    return messageOf({ ...record, from, to: own || type === 1 ? { id, type } : { id: me(), type } }, own);
  };

  const tapeAt = (place: Place, start = base): Tape => {
    const lane = laneOf(place);
    let tape = tapes.get(lane);
    if (!tape) {
      tape = openTape(
        start,
        historiesOf(place),
        rest,
        (record, which, key) => {
          const at = place.type % 4 ? place : { ...place, type: (which * 4) as 0 | 4 };
          emit(key === 'ts' ? 'message' : record.recalled ? 'recalled' : key, recorded(at, record));
        },
        ({ speaker }) => speaker === me(),
        () => outbox.quiet(lane),
        () => wire.state() === 'online',
      );
      tapes.set(lane, tape);
    }
    return tape;
  };

  /** Tells it in its place in the conversation's order; rooms have none. */
  const happen = <N extends keyof Events>(
    name: N,
    value: Events[N] & { talk: Talk },
    key: Step['key'],
    at: number,
    prev?: number,
  ): void => {
    const { place } = value.talk;
    const tell = (): void => emit(name, value);
    if (place.type === 2 || !at) tell();
    // What was on its way to be stored at the first login bears an earlier time.
    else tapeAt(place, Math.min(base, prev ?? at - 1)).take({ at, prev, key, tell });
  };

  const hear = (name: string, data: FromWire): void => {
    const { from, ts, editedTs, prev, group, room } = data;
    if (name === 'sys') emit('system', { ...wordsOf(data), ts, raw: data });
    else if (/^o[nf]/.test(name)) emit('presence', { id: data, online: name[1] === 'n', friend: !/_/.test(name) });
    else if (name === 'friends') emit(name, data);
    else if (name === 'members') {
      const talk = talkAt(group ? { id: group, type: 1 } : { id: room, type: 2 });
      happen(name, { added: [], removed: [], deleted: false, ...data, talk }, undefined, ts, prev);
    } else if (from) {
      const own = name === 'yourself' || isMe(from);
      const message = messageOf(data, own);
      if (name === 'typing' || name === 'read') emit(name, message);
      else if (editedTs) happen(name as 'edited', message, 'edited', editedTs, prev);
      else happen('message', message, 'ts', ts, prev);
    }
  };

  const list = (options: object): Promise<FromWire[]> => rest('GET', here(`${mine}conversations`) + query(options));

  /** After a gap, with everything on hold: each conversation is released or caught up, also those that began meanwhile. */
  const catchUp = async (): Promise<void> => {
    const left = new Map(tapes);
    const runs: Promise<void>[] = [];
    let before: number | undefined;
    do {
      const page = await list({ limit: 100, before });
      for (const { to, head } of page) {
        const lane = laneOf(to);
        if (head <= base && !left.has(lane)) continue;
        const tape = tapeAt(to);
        left.delete(lane);
        if (head <= tape.head()) tape.release();
        else runs.push(tape.catchUp());
      }
      before = page[99] && page.at(-1).ts;
    } while ((before as number) > base);
    for (const tape of left.values()) runs.push(tape.catchUp());
    await Promise.all(runs);
  };

  let round = 0;
  const enter = async ({ ts }: FromWire): Promise<void> => {
    const mine = ++round;
    if (mine === 1) base = ts - 1;
    for (let wait = 500; mine > 1 && mine === round; wait *= 2) {
      try {
        return await catchUp();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  };

  const talkAt = (place: Place): Talk => {
    const kind = kinds[place.type];
    const key = `${kind}:${place.id}`;
    let talk = talks.get(key);
    if (!talk) {
      talk = makeTalk(place, kind, key);
      talks.set(key, talk);
    }
    return talk;
  };

  const makeTalk = (to: Place, kind: Kind, key: string): Talk => {
    let typedAt = 0;
    const lane = laneOf(to);
    /** Edits and recalls of this page are told like everybody else's, when they are done. */
    const ask = async (name: string, more: object): Promise<FromWire> => {
      const answer = await wire.ask(name, { to, ...more }).answer;
      const from = { id: me(), type: isPassenger ? 3 : to.type === 3 ? 0 : to.type };
      hear(`${name}ed`, { ...more, ...answer, from, to });
      return answer;
    };
    return {
      kind,
      id: to.id,
      place: to,
      key,
      send(what, options) {
        return outbox.send(this, what, options?.push);
      },
      async history({ before: ts, limit } = {}) {
        const paths = historiesOf(to);
        const from = paths[to.type === 4 ? 1 : 0];
        const records = from ? await rest<FromWire[]>('GET', from + query({ ts, limit }).slice(1)) : [];
        return records.map((record) => recorded(to, record));
      },
      typing() {
        if (Date.now() - typedAt < 1_000) return;
        typedAt = Date.now();
        wire.tell('typing', { to });
      },
      read: (ts) => wire.ask('read', { to, ts }).answer,
      reads: () => rest('GET', here('/groups/$1/reads', to.id)),
      edit: (ts, what) => ask('edit', { ts, ...wordingOf(what).wording }),
      recall: (ts) => ask('recall', { ts }),
      messages() {
        const waiting: Message[] = [];
        let wake: (() => void) | undefined;
        const offs = [
          on('message', (message) => {
            if (laneOf(message.talk.place) === lane) {
              waiting.push(message);
              wake?.();
            }
          }),
          on('state', () => wake?.()),
        ];
        return (async function* () {
          try {
            while (waiting[0] || !wire.error()) {
              if (waiting[0]) yield waiting.shift() as Message;
              else
                await new Promise<void>((resolve) => {
                  wake = resolve;
                });
            }
          } finally {
            for (const off of offs) off();
          }
        })();
      },
    };
  };

  return {
    talkAt,
    hear,
    enter,
    said(place: Place, ts: number, prev: number | undefined): void {
      if (place.type !== 2) tapeAt(place).said(ts, prev);
    },
    hold(): void {
      for (const tape of tapes.values()) tape.hold();
    },
    close(): void {
      round++;
      for (const tape of tapes.values()) tape.stop();
    },
    async conversations(options: { before?: number; limit?: number } = {}): Promise<TalkInfo[]> {
      return (await list(options)).map(({ to, recent, ...facts }) => ({
        ...facts,
        talk: talkAt(to),
        ...(recent && { recent: recorded(to, recent) }),
      }));
    },
  };
}
