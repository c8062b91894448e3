// What each write must have for itself, so that functions written for one writer stay right with many. Every write shares
// the store with the others, and holds what stands here until its commit; all it reads after that is what those before
// it left. A call that is not listed has the store for itself: right without a thought, and slow. So a call belongs here
// when it is called often, with the reason why this much is enough.

import { pairClaim, setClaim, threadClaim } from '../../core/ids.ts';
import type { StoreWrites } from '../../core/ports/store.ts';
import type { Db } from '../sql/db.ts';
import type { Locks } from './keys.ts';

type Rule<A extends unknown[]> = (args: A, look: Db) => Locks | Promise<Locks>;
type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
type Rules = {
  readonly [S in keyof StoreWrites]?: { readonly [C in keyof StoreWrites[S]]?: Rule<Arguments<StoreWrites[S][C]>> };
};

const has = (app: number, ...keys: string[]): Locks => ({ app, keys });
const whole = ([app]: [app: number, ...rest: unknown[]]): Locks => ({ app, whole: true });
const job = (name: string): Locks => ({ keys: [`job ${name}`] });

const conv = (no: number) => `conversation ${no}`;
const user = (id: string) => `user ${id}`;
const joins = (who: string) => `memberships ${who}`;
const account = (what: string, value: string) => `account ${what} ${value}`;
const given = <V>(value: V | null | undefined, name: (value: V) => string): string[] =>
  value === null || value === undefined ? [] : [name(value)];

/** What changes in a conversation, one change after the other; appends take its head as a row. */
const inConversation = ([app, no]: [app: number, no: number, ...rest: unknown[]]): Locks => has(app, conv(no));
const ofUser = ([app, id]: [app: number, id: string, ...rest: unknown[]]): Locks => has(app, user(id));

export const rules: Rules = {
  // Found by name before they are made.
  apps: {
    put: () => job('apps'),
    change: () => job('apps'),
    // In slices of rows that nobody but the app's own calls touch.
    async remove([id], look) {
      const app = await look.one<{ no: number }>('select no from apps where id = ? order by no limit 1', id);
      return app ? { app: app.no, whole: true } : job('apps');
    },
  },

  // Each is about the users it names.
  users: {
    ensure: ([app, ids]) => has(app, ...ids.map(user)),
    login: ([app, id, , install]) => has(app, user(id), ...given(install, (one) => `install ${one}`)),
    setProfile: ofUser,
    mark: ofUser,
    setAttributes: ofUser,
    setKindNo: ofUser,
    sendAway: ofUser,
    register: ([app, users]) => has(app, ...users.flatMap(({ id }) => [user(id), account('username', id)])),
    bindInstall: ([app, id, install]) => has(app, user(id), `install ${install}`),
    unbindInstalls: ofUser,
    erase: whole,
  },
  installs: {
    register: ([app, who, { install, token }]) => has(app, user(who), `install ${install}`, `token ${token}`),
    forget: ([app, install]) => has(app, `install ${install}`),
  },
  passengers: { put: ([app, id]) => has(app, `passenger ${id}`) },

  // A proof is about one account, one code, one counter. What an account is called is looked for in the whole app.
  accounts: {
    create: whole,
    change: whole,
    setPassword: whole,
    claim: whole,
    renewPassword: whole,
    link: whole,
    unlink: whole,
    remove: whole,
    redeemToken: whole,
    issueToken: ([app, token]) => has(app, account('tokens', token.account)),
    revokeToken: ([app]) => has(app),
    revokeTokens: ([app, id]) => has(app, account('tokens', id)),
    putCode: ([app, { purpose, phone }, paces]) =>
      has(app, `code ${purpose} ${phone}`, ...paces.map(({ key }) => `throttle ${key}`)),
    dropCode: ([app, purpose, phone, , paces]) =>
      has(app, `code ${purpose} ${phone}`, ...paces.map(({ key }) => `throttle ${key}`)),
    useCode: ([app, { purpose, phone }]) => has(app, `code ${purpose} ${phone}`),
    useOnce: ([app, digest]) => has(app, `once ${digest}`),
    recordFailure: ([app, patiences]) => has(app, ...patiences.map(({ key }) => `throttle ${key}`)),
    forgetFailures: ([app, keys]) => has(app, ...keys.map((key) => `throttle ${key}`)),
    sweepProofs: () => job('sweep'),
  },

  // Friendships count on both sides. Who met whom is written once, in whatever order.
  friends: {
    join: ([app, from, to]) => has(app, ...[from, ...to].map((who) => `friends ${who}`)),
    part: ([app, who, others]) => has(app, ...[who, ...others].map((one) => `friends ${one}`)),
    note: ([app, who]) => has(app, `friends ${who}`),
    recordStrangers: ([app, by, other]) => has(app, `strangers ${pairClaim(by, other)}`),
  },
  blocks: { put: ([app, by]) => has(app, `blocks ${by}`), lift: ([app, by]) => has(app, `blocks ${by}`) },
  quiets: { change: ([app, who]) => has(app, `quiets ${who}`) },

  conversations: {
    // One of a claim, one of an id, and each of its people in no more than so many.
    create([app, { id, kind, members, owner, unique }]) {
      const everybody = [...members, ...given(owner, (one) => one)];
      const set = unique && (kind === 'group' || kind === 'temporary') ? setClaim(kind, everybody) : undefined;
      return has(
        app,
        ...everybody.map(joins),
        ...given(id, (one) => `id ${one}`),
        ...given(set, (claim) => `claim ${claim}`),
      );
    },
    claimPair: ([app, a, b]) => has(app, `claim ${pairClaim(a, b)}`),
    claimThread: ([app, service, who]) => has(app, `claim ${threadClaim(service, who)}`),
    change: inConversation,
    changeMembers: ([app, no, { add = [], replace = [], owner }]) => ({
      app,
      claimed: no,
      keys: [conv(no), ...[...add, ...replace, ...given(owner, (one) => one)].map(joins)],
    }),
    setRole: inConversation,
    setCard: inConversation,
    silence: inConversation,
    unsilence: inConversation,
    setShields: ([app, , { add, remove }]) => has(app, ...[...add, ...remove].map(conv)),
    erase: whole,
    // Of conversations that have no head any more: nobody else writes there.
    eraseSlice: () => job('erase'),
  },

  messages: {
    edit: inConversation,
    recall: inConversation,
    remove: inConversation,
    clear: inConversation,
    // One statement each; a mark never moves back.
    hide: ([app]) => has(app),
    hideOne: ([app]) => has(app),
    // Puts back only what has not moved on; who meets an append on an idle conversation does it again.
    expire: ([app]) => has(app, 'expire messages'),
  },

  // Once for a whole slice of another messenger's rows.
  imports: {
    restoreConversations: whole,
    restoreStandings: whole,
    restoreUsers: whole,
    restoreInstalls: whole,
    restoreMessages: whole,
    relink: whole,
    note: whole,
  },

  // A reader's mark is his own; what was delivered first is the conversation's.
  marks: {
    read: ([app, conversation, who]) => has(app, `mark ${conversation} ${who}`),
    delivered: ([app, conversation, who]) => has(app, `mark ${conversation} ${who}`, `delivered ${conversation}`),
  },

  // One statement each, about one device.
  devices: {
    takeTag: ([app]) => has(app),
    giveTag: ([app]) => has(app),
    takeSeat: ([app]) => has(app),
    leaveSeat: ([app]) => has(app),
    loseSeat: ([app]) => has(app),
    expireSeats: () => job('seats'),
  },
  guests: { welcome: ([app, guests]) => has(app, ...guests.map(({ id }) => user(id))) },

  // Rows of their own.
  notices: { put: ([app]) => has(app), expire: () => job('notices') },
  media: { put: ({ 0: { app } }) => has(app), remove: () => ({}) },
  callbacks: { tell: ([app]) => has(app, 'callbacks') },
  services: {
    broadcast: ([app]) => has(app, 'broadcasts'),
    changeBroadcast: ([app, no]) => has(app, `broadcast ${no}`),
    reached: ([app]) => has(app),
    endBroadcast: ([app, no]) => has(app, `broadcast ${no}`),
    putUpstream: ([app]) => has(app),
    handOn: ([app]) => has(app),
    expireBroadcasts: () => job('broadcasts'),
  },
  words: { replace: whole, add: whole, remove: whole, rename: whole },

  // A job is its lane's, or whose lease it has. Whether a cause has parts left is seen by one at a time.
  outbox: {
    put: ([app]) => has(app),
    take: ([{ app, kind }]) => has(app, `lane ${kind}`),
    spread: () => ({ keys: ['outbox'] }),
    done: () => ({ keys: ['outbox'] }),
    later: () => ({}),
    recover: () => ({ keys: ['outbox'] }),
  },
};

/** `look`: reads that a rule depends on; what they tell never changes in a way that would ask for more. */
export function locksOf(look: Db, slice: string, call: string, args: unknown[]): Locks | Promise<Locks> {
  // The empty write that health asks for.
  if (slice === 'store') return {};
  const named = rules as Readonly<Record<string, Readonly<Record<string, Rule<never>>> | undefined>>;
  const rule = named[slice]?.[call] as Rule<unknown[]> | undefined;
  return rule ? rule(args, look) : 'store';
}
