// Messages on their way. Each conversation is a lane: what was said first goes first, also over lost connections, and
// while its file is still being uploaded. A reference makes each message one message, however often it is sent.
import type { Call, Wire } from './line.ts';
import { failure } from './rest.ts';
import type { Failure, FileLike, KeyValue, Outgoing, Place, Push, Talk, What } from './types.ts';
import type { Surface } from './types-rest.ts';
import { type Wording, wordingOf, wordsOf } from './words.ts';

/** An Outgoing from inside. */
type Item = { -readonly [K in keyof Outgoing]: Outgoing[K] } & {
  push?: Push;
  wording?: Wording;
  call?: Call;
  stop?: AbortController;
  yes(item: Outgoing): void;
  no(error?: Failure): void;
};

type Kept = { to: Place; push?: Push; ref: string; wording: Wording; failed: boolean };

export type Outbox = {
  items(): Outgoing[];
  send(talk: Talk, what: What, push?: Push): Outgoing;
  /** Once it is known who speaks: takes up what an earlier page left unsent. */
  restore(name: string): Promise<void>;
  /** There is a connection again. */
  resume(): void;
  /** Resolves when everything of the lane that may be at the server already is answered. */
  quiet(lane: string): Promise<unknown>;
};

/** Places with one order have one lane: friends and strangers share theirs, only the vendor's wire shows two. */
export const laneOf = ({ id, type }: Place): string => (type % 4) + id;

/**
 * `onSent`: the server has it; `prev` is the conversation's head before it, when this was the first time.
 */
export function openOutbox(
  wire: Wire,
  upload: Surface['upload'],
  storage: KeyValue | undefined,
  talkAt: (place: Place) => Talk,
  onChange: (item: Outgoing) => void,
  onSent: (place: Place, ts: number, prev: number | undefined) => void,
): Outbox {
  let items: Item[] = [];
  /** With a storage nothing leaves before what it keeps was read: that was said earlier. */
  let isOpen = !storage;
  let name = '';

  const save = (): void => {
    const kept = items
      .filter(({ wording }) => wording)
      // What only failed because the connection was closed for good is sent by the next page.
      .map(({ talk, push, ref, wording, error }) => ({
        to: talk.place,
        push,
        ref,
        wording,
        failed: error && !wire.error(),
      }));
    if (name) storage?.setItem(name, JSON.stringify(kept));
  };

  const change = (item: Item, facts: Partial<Item>): void => {
    Object.assign(item, facts);
    save();
    onChange(item);
  };

  const drop = (item: Item): void => {
    items = items.filter((other) => other !== item);
  };

  const fail = (item: Item, error: Failure): void => {
    change(item, { call: undefined, state: 'failed', error });
    item.no(error);
    pump();
  };

  /** Says what is ready: of each lane up to the first whose file is not. */
  const pump = (): void => {
    const closed = new Set<string>();
    for (const item of isOpen ? items : []) {
      const { place } = item.talk;
      const lane = laneOf(place);
      if (item.state === 'uploading') closed.add(lane);
      if (item.call || item.state !== 'sending' || closed.has(lane)) continue;
      item.call = wire.ask('say', { to: place, ...item.wording, push: item.push, ref: item.ref });
      item.call.answer.then(
        ({ ts, prev }) => {
          onSent(place, ts, prev);
          drop(item);
          change(item, { state: 'sent', ts });
          item.yes(item);
        },
        (error) => fail(item, error),
      );
    }
  };

  const start = (item: Item): void => {
    item.done = new Promise((yes, no) => Object.assign(item, { yes, no }));
    item.done.catch(() => {});
    item.wording ??= wordingOf(item.what).wording;
    change(item, { state: item.wording ? 'sending' : 'uploading', error: undefined });
    if (!item.wording) load(item);
    pump();
  };

  const load = (item: Item): void => {
    const { file, withUrls } = wordingOf(item.what);
    const isUploading = (): boolean => item.state === 'uploading';
    item.stop = new AbortController();
    upload(file as FileLike, {
      signal: item.stop.signal,
      onProgress: (progress) => isUploading() && change(item, { progress }),
    }).then(
      (urls) => {
        if (isUploading()) change(item, { state: 'sending', progress: 1, wording: withUrls(urls) });
        pump();
      },
      (error) => {
        item.stop = undefined;
        // Without a network it waits for one, as everything else does.
        if (isUploading() && (error.status || wire.state() === 'online' || wire.error())) fail(item, error);
      },
    );
  };

  const make = (talk: Talk, what: What, more: Partial<Item>): Item => {
    const item = {
      ref: Math.random().toString(36) + Date.now(),
      talk,
      what,
      state: 'sending',
      progress: 0,
      get words() {
        return item.wording && wordsOf(item.wording);
      },
      retry() {
        if (item.state !== 'failed') return;
        drop(item);
        items.push(item);
        start(item);
      },
      cancel() {
        if (item.call && !item.call.cancel()) return false;
        item.stop?.abort();
        drop(item);
        change(item, { state: 'cancelled' });
        item.no(failure(0, 'cancelled'));
        pump();
        return true;
      },
      ...more,
    } as Item;
    return item;
  };

  return {
    items: () => items,
    send(talk, what, push) {
      const item = make(talk, what, { push });
      items.push(item);
      start(item);
      return item;
    },
    async restore(key) {
      if (name || !storage) return;
      name = key;
      let kept: Kept[] = [];
      try {
        kept = JSON.parse((await storage.getItem(name)) || '[]');
      } catch {}
      const earlier = kept.map(({ to, failed, ...more }) => ({
        failed,
        item: make(talkAt(to), more.wording.content, more),
      }));
      items = [...earlier.map(({ item }) => item), ...items];
      for (const { item, failed } of earlier) {
        start(item);
        if (failed) fail(item, failure(0, 'failed'));
      }
      isOpen = true;
      pump();
    },
    resume() {
      for (const item of items) if (item.state === 'uploading' && !item.stop) load(item);
    },
    quiet: (lane) =>
      Promise.all(
        items.map(({ talk, call }) => laneOf(talk.place) === lane && call?.tried && call.answer.catch(() => {})),
      ),
  };
}
