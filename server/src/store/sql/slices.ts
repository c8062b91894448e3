// The store, composed: every call of the port as a function over Db or Tx, and how an engine turns them into a Store.
import type { Store, StoreReads, StoreWrites } from '../../core/ports/store.ts';
import { accountProofReads, accountProofWrites } from './account-proofs.ts';
import { accountReads, accountWrites } from './accounts.ts';
import { appReads, appWrites } from './apps.ts';
import { blockReads, blockWrites } from './blocks.ts';
import { callbackReads, callbackWrites } from './callbacks.ts';
import { conversationWrites } from './conversation-writes.ts';
import { conversationReads } from './conversations.ts';
import type { Db, Tx } from './db.ts';
import { deviceReads, deviceWrites } from './devices.ts';
import { friendReads, friendWrites } from './friends.ts';
import { guestReads, guestWrites } from './guests.ts';
import { importReads, importWrites } from './imports.ts';
import { installReads, installWrites } from './installs.ts';
import { markReads, markWrites } from './marks.ts';
import { mediaReads, mediaWrites } from './media.ts';
import { messageWrites } from './message-writes.ts';
import { messageReads } from './messages.ts';
import { noticeReads, noticeWrites } from './notices.ts';
import { outboxReads, outboxWrites } from './outbox.ts';
import { passengerReads, passengerWrites } from './passengers.ts';
import { quietReads, quietWrites } from './quiets.ts';
import { serviceReads, serviceWrites } from './services.ts';
import type { SliceReads, SliceWrites } from './slice.ts';
import { statisticReads } from './statistics.ts';
import { tailReads } from './tails.ts';
import { userReads, userWrites } from './users.ts';
import { wordReads, wordWrites } from './words.ts';

export const reads: { readonly [S in keyof StoreReads]: SliceReads<StoreReads[S]> } = {
  apps: appReads,
  users: userReads,
  accounts: { ...accountReads, ...accountProofReads },
  passengers: passengerReads,
  friends: friendReads,
  guests: guestReads,
  conversations: conversationReads,
  messages: messageReads,
  marks: markReads,
  blocks: blockReads,
  quiets: quietReads,
  notices: noticeReads,
  services: serviceReads,
  devices: deviceReads,
  statistics: statisticReads,
  callbacks: callbackReads,
  installs: installReads,
  outbox: outboxReads,
  media: mediaReads,
  words: wordReads,
  tails: tailReads,
  imports: importReads,
};

/** `append` is each engine's own: it is the hot path. */
type NamedWrites = Omit<StoreWrites, 'messages'> & { messages: Omit<StoreWrites['messages'], 'append'> };

export const writes: { readonly [S in keyof NamedWrites]: SliceWrites<NamedWrites[S]> } = {
  apps: appWrites,
  users: userWrites,
  accounts: { ...accountWrites, ...accountProofWrites },
  passengers: passengerWrites,
  friends: friendWrites,
  guests: guestWrites,
  conversations: conversationWrites,
  messages: messageWrites,
  marks: markWrites,
  blocks: blockWrites,
  quiets: quietWrites,
  notices: noticeWrites,
  services: serviceWrites,
  devices: deviceWrites,
  callbacks: callbackWrites,
  installs: installWrites,
  outbox: outboxWrites,
  media: mediaWrites,
  words: wordWrites,
  imports: importWrites,
};

export type Slices = Omit<Store, 'healthy' | 'close'>;
export type Submit = (slice: string, call: string, args: unknown[]) => Promise<unknown>;

/** Reads go to `db` at once; writes are named and handed to `submit`, which answers after their commit, as `append` does. */
export function bindSlices(db: Db, submit: Submit, append: StoreWrites['messages']['append']): Slices {
  const bound: Record<string, Record<string, unknown>> = {};
  for (const [slice, calls] of Object.entries(reads)) {
    bound[slice] = {};
    for (const [call, read] of Object.entries(calls) as [string, (db: Db, ...args: unknown[]) => unknown][]) {
      bound[slice][call] = (...args: unknown[]) => read(db, ...args);
    }
  }
  for (const [slice, calls] of Object.entries(writes)) {
    for (const call of Object.keys(calls)) {
      bound[slice] = { ...bound[slice], [call]: (...args: unknown[]) => submit(slice, call, args) };
    }
  }
  bound.messages = { ...bound.messages, append };
  return bound as unknown as Slices;
}

/** Runs a write by its name. `store.nothing` is the empty write that health asks for. */
export async function perform(tx: Tx, slice: string, call: string, args: unknown[]): Promise<unknown> {
  if (slice === 'store' && call === 'nothing') return;
  const named = writes as unknown as Record<string, Record<string, (tx: Tx, ...args: unknown[]) => Promise<unknown>>>;
  const calls = Object.hasOwn(named, slice) ? named[slice] : undefined;
  const write = calls && Object.hasOwn(calls, call) ? calls[call] : undefined;
  if (write === undefined) throw new Error(`no such write: ${slice}.${call}`);
  return write(tx, ...args);
}
