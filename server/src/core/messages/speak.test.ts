import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Conversation, ConversationKind } from '../conversations/conversation.ts';
import { ImError } from '../errors.ts';
import type { PairFacts, PersonFacts, RosterFacts } from './facts.ts';
import { assertMaySpeak, type SpeakFacts, type SpeakPolicy, sessionPolicy } from './speak.ts';

const all = { silence: true, blocks: true, disabled: true, words: 'star' } as const;
const nothing = { silence: false, blocks: false, disabled: false, words: 'off' } as const;

/** Every way in, as the doors put it. */
const policies = {
  'maxleap friend': { ...sessionPolicy, friendship: 'required', obey: all },
  'maxleap stranger': { ...sessionPolicy, obey: all },
  'maxleap system': {
    ...sessionPolicy,
    ...{ sender: 'app', groupStanding: 'none', roomStanding: 'none', obey: nothing, echoToSender: 'none' },
  },
  'leancloud socket': { ...sessionPolicy, roomStanding: 'none', obey: all },
  'leancloud rest': {
    ...sessionPolicy,
    ...{ sender: 'ensure', target: 'ensure', groupStanding: 'none', roomStanding: 'none', obey: nothing },
  },
  'jmessage admin': {
    ...sessionPolicy,
    ...{ sender: 'admin', groupStanding: 'none', roomStanding: 'none', obey: { ...nothing, disabled: true } },
  },
  'jmessage user': { ...sessionPolicy, sender: 'exists', obey: { ...all, words: 'refuse' } },
} as const satisfies Record<string, SpeakPolicy>;
type Way = keyof typeof policies;
const ways = Object.keys(policies) as Way[];

const plain: PersonFacts = { admin: false, disabled: false, home: null };
const pair: PairFacts = {
  friends: true,
  conversation: null,
  pairTalk: false,
  strangersRecorded: false,
  blockedBy: [],
};
const now = 1_000;

const toBob = (more: Partial<PairFacts> = {}, person: PersonFacts = plain, who = 'ann', to = 'bob'): SpeakFacts => ({
  kind: 'pair',
  speaker: { who, as: 'user' },
  person,
  to,
  pair: { ...pair, ...more },
  nowMs: now,
});

const inside = (
  kind: ConversationKind,
  more: Partial<Omit<RosterFacts, 'conversation'>> = {},
  person: PersonFacts | null = plain,
): SpeakFacts => ({
  kind: 'gathering',
  speaker: { who: 'ann', as: 'user' },
  person: person ?? undefined,
  gathering: {
    conversation: { kind } as Conversation,
    roster: new Set(['ann', 'bob']),
    silenced: new Map(),
    blocked: new Set(),
    ...more,
  },
  nowMs: now,
});

function answer(facts: SpeakFacts, policy: SpeakPolicy): string {
  try {
    assertMaySpeak(facts, policy);
    return 'ok';
  } catch (error) {
    if (!(error instanceof ImError)) throw error;
    return error.code;
  }
}

/** What each way answers; those that are not named may speak. */
function expect(name: string, facts: (way: Way) => SpeakFacts, refused: Partial<Record<Way, string>>): void {
  test(`[CORE-227] ${name}`, () => {
    for (const way of ways) assert.equal(answer(facts(way), policies[way]), refused[way] ?? 'ok', way);
  });
}

/** The same answer from each of these ways. */
const each = (answer: string, ...some: Way[]): Partial<Record<Way, string>> =>
  Object.fromEntries(some.map((way) => [way, answer]));

/** An admin where the way asks for one. */
const fit = (way: Way): PersonFacts => ({ ...plain, admin: way === 'jmessage admin' });
const sockets = ['maxleap friend', 'maxleap stranger', 'leancloud socket'] as const;
const obedient = [...sockets, 'jmessage user'] as const;

describe('who may speak', () => {
  expect('a member among friends may speak by every way', (way) => inside('group', {}, fit(way)), {});
  expect('a friend may be spoken to by every way', (way) => toBob({}, fit(way)), {});
  expect('only MaxLeap’s friend talk asks for friendship', (way) => toBob({ friends: false }, fit(way)), {
    'maxleap friend': 'not-friends',
  });
  expect('nobody talks with himself', (way) => toBob({}, fit(way), 'ann', 'ann'), each('invalid-argument', ...ways));
  expect('passengers talk with users only', (way) => toBob({}, fit(way), ':p', ':q'), each('forbidden', ...ways));
  expect('a passenger needs no friendship', (way) => toBob({ friends: false }, fit(way), ':p', 'bob'), {});
  expect('who has to exist does', () => inside('group', {}, null), {
    'jmessage admin': 'user-not-found',
    'jmessage user': 'user-not-found',
  });
  expect('an admin has to bear the mark', () => inside('group'), { 'jmessage admin': 'forbidden' });
  const disabled = (way: Way) => ({ ...fit(way), disabled: true });
  expect(
    'who is disabled speaks nowhere',
    (way) => toBob({}, disabled(way)),
    each('disabled', ...obedient, 'jmessage admin'),
  );
  expect(
    'who is disabled speaks in no group',
    (way) => inside('group', {}, disabled(way)),
    each('disabled', ...obedient, 'jmessage admin'),
  );
  expect(
    'groups are for members',
    (way) => inside('group', { roster: new Set(['bob']) }, fit(way)),
    each('not-a-member', ...obedient),
  );
  expect(
    'temporary conversations are for members',
    (way) => inside('temporary', { roster: new Set(['bob']) }, fit(way)),
    each('not-a-member', ...obedient),
  );
  expect(
    'rooms are for members, or for anybody',
    (way) => inside('room', { roster: new Set() }, fit(way)),
    each('not-a-member', 'maxleap friend', 'maxleap stranger', 'jmessage user'),
  );
  expect(
    'what people say to a service goes upstream',
    (way) => inside('service', { roster: new Set() }, fit(way)),
    each('wrong-kind', ...obedient),
  );
  expect(
    'whoever blocked the speaker does not hear him',
    (way) => toBob({ blockedBy: ['bob'] }, fit(way)),
    each('blocked', ...obedient),
  );
  expect('whom the speaker blocked hears him all the same', (way) => toBob({ blockedBy: ['ann'] }, fit(way)), {});
  expect(
    'a block comes before friendship',
    (way) => toBob({ blockedBy: ['bob'], friends: false }, fit(way)),
    each('blocked', ...obedient),
  );
  expect(
    'whom the conversation blocked does not speak',
    (way) => inside('room', { blocked: new Set(['ann']) }, fit(way)),
    each('blocked', ...obedient),
  );
  const silenced = (until: number | null) => ({ silenced: new Map([['ann', until]]) });
  expect(
    'who is silenced does not speak',
    (way) => inside('group', silenced(null), fit(way)),
    each('silenced', ...obedient),
  );
  expect(
    'a silence holds until its end',
    (way) => inside('group', silenced(now + 1), fit(way)),
    each('silenced', ...obedient),
  );
  expect('a silence is over at its end', (way) => inside('group', silenced(now), fit(way)), {});

  test('[CORE-227] a timed silence says when it ends, an endless one does not', () => {
    for (const [until, details] of [
      [now + 9, { purpose: 'send', kind: 'room', until: now + 9 }],
      [null, { purpose: 'send', kind: 'room' }],
    ] as const) {
      assert.throws(() => assertMaySpeak(inside('room', silenced(until)), sessionPolicy), {
        code: 'silenced',
        details,
      });
    }
  });
});
