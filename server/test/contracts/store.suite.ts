// What every store promises, in the order of docs/spec/core.md. An adapter's test opens the store and hands it over; the
// tests share it, each with an app of its own.
import { after, before, describe } from 'node:test';
import type { App } from '../../src/core/apps/app.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { accountCases } from './store-accounts.suite.ts';
import { appendCases } from './store-append.suite.ts';
import { appCases } from './store-apps.suite.ts';
import { callbackCases } from './store-callbacks.suite.ts';
import { changeCases } from './store-changes.suite.ts';
import { conversationCases } from './store-conversations.suite.ts';
import { deviceCases } from './store-devices.suite.ts';
import { friendCases } from './store-friends.suite.ts';
import { guestCases } from './store-guests.suite.ts';
import { importCases } from './store-imports.suite.ts';
import { logCases } from './store-log.suite.ts';
import { lookupCases } from './store-lookups.suite.ts';
import { markCases } from './store-marks.suite.ts';
import { memberCases } from './store-members.suite.ts';
import { messageCases } from './store-messages.suite.ts';
import { outboxCases } from './store-outbox.suite.ts';
import { peopleCases } from './store-people.suite.ts';
import { proofCases } from './store-proofs.suite.ts';
import { ruleCases } from './store-rules.suite.ts';
import { searchCases } from './store-search.suite.ts';
import { serviceCases } from './store-services.suite.ts';
import { setCases } from './store-sets.suite.ts';
import { stateCases } from './store-states.suite.ts';
import { tailCases } from './store-tails.suite.ts';
import { userCases } from './store-users.suite.ts';

/** The store under test, and the clock it was opened with. */
export type OpenStore = { readonly store: Store; readonly clock: { ms: number }; close(): Promise<void> };

export type Bench = {
  readonly store: Store;
  /** The store's clock; tests set it. */
  readonly clock: { ms: number };
  /** A new app. */
  app(): Promise<App>;
  /** A new app with these users. */
  appWith(...users: string[]): Promise<number>;
};

export function storeContract(name: string, open: () => Promise<OpenStore>): void {
  describe(name, () => {
    let opened: OpenStore;
    let apps = 0;
    before(async () => {
      opened = await open();
    });
    after(() => opened.close());
    const bench: Bench = {
      get store() {
        return opened.store;
      },
      get clock() {
        return opened.clock;
      },
      app: () =>
        opened.store.apps.put({ id: `app${++apps}`, clientKey: 'client', masterKey: 'master', idKey: '0'.repeat(32) }),
      async appWith(...users) {
        const { no } = await bench.app();
        await opened.store.users.ensure(no, users, opened.clock.ms);
        return no;
      },
    };
    appCases(bench);
    userCases(bench);
    accountCases(bench);
    proofCases(bench);
    searchCases(bench);
    friendCases(bench);
    guestCases(bench);
    conversationCases(bench);
    memberCases(bench);
    peopleCases(bench);
    ruleCases(bench);
    setCases(bench);
    appendCases(bench);
    messageCases(bench);
    outboxCases(bench);
    changeCases(bench);
    markCases(bench);
    serviceCases(bench);
    logCases(bench);
    stateCases(bench);
    callbackCases(bench);
    tailCases(bench);
    lookupCases(bench);
    deviceCases(bench);
    importCases(bench);
  });
}

/** Resolves with the ImError's code, and what it speaks of. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { what?: string } };
    return [code, details?.what].filter((part) => part !== undefined).join(' ');
  }
  return 'nothing was refused';
}

export const wide = { membersMax: 500, membershipsMax: 1_000 };
let lastId = 0;

/** A conversation id in the MaxLeap form, never the same. */
export const freshId = (): string => (++lastId).toString(16).padStart(32, '0');

/** A group (or room) of these people; the first is the owner and listed. Answers its number and id. */
export async function gathered(
  bench: Bench,
  app: number,
  members: string[],
  change: {
    kind?: 'group' | 'room';
    name?: string | null;
    attributes?: Record<string, never> | Record<string, string | number>;
  } = {},
): Promise<{ no: number; id: string }> {
  const id = freshId();
  const { kind = 'group', name = null, attributes = {} } = change;
  const owner = kind === 'group' ? (members[0] ?? null) : null;
  const { no } = await bench.store.conversations.create(
    app,
    { id, kind, name, attributes, creator: members[0] ?? null, owner, members, keeps: kind === 'group' },
    wide,
    bench.clock.ms,
  );
  return { no, id };
}

export const text = (
  app: number,
  conversation: number,
  sender: string | null,
  words: string,
  more: { ref?: string; flags?: number } = {},
) => ({
  app,
  conversation,
  sender,
  as: sender === null ? ('app' as const) : ('user' as const),
  content: { type: 'text' as const, text: words },
  flags: 0,
  ...more,
});
