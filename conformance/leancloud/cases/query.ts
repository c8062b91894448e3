// ConversationQuery: each condition finds the one conversation that it fits.
import assert from 'node:assert/strict';
import type { Untyped } from '../../kit/told.ts';
import type { Cases, Stage } from './case.ts';

let made: Promise<Untyped[]> | undefined;

/** Three of Tom's, told apart by rank and name. */
async function three({ tom }: Stage): Promise<Untyped[]> {
  made ??= Promise.all(
    [1, 2, 3].map((rank) =>
      tom.createConversation({
        members: Array.from({ length: rank }, (_, n) => `Q${n}`),
        name: `query ${['alpha', 'beta', 'gamma'][rank - 1]}`,
        rank,
        ...(rank === 3 ? { only: true } : {}),
      }),
    ),
  );
  return made;
}

export const forget = (): void => {
  made = undefined;
};

/** Which of the three a query finds, by rank, ordered by rank. */
const finds =
  (narrow: (query: Untyped) => Untyped, ranks: readonly number[]) =>
  async (stage: Stage): Promise<void> => {
    await three(stage);
    const found = await narrow(stage.tom.getQuery().exists('rank').ascending('rank')).find();
    assert.deepEqual(
      found.map((one: Untyped) => one.get('rank')),
      ranks,
    );
  };

export const queryCases: Cases = {
  equalTo: finds((query) => query.equalTo('rank', 2), [2]),
  notEqualTo: finds((query) => query.notEqualTo('rank', 2), [1, 3]),
  lessThan: finds((query) => query.lessThan('rank', 2), [1]),
  lessThanOrEqualTo: finds((query) => query.lessThanOrEqualTo('rank', 2), [1, 2]),
  greaterThan: finds((query) => query.greaterThan('rank', 2), [3]),
  greaterThanOrEqualTo: finds((query) => query.greaterThanOrEqualTo('rank', 2), [2, 3]),
  containedIn: finds((query) => query.containedIn('rank', [1, 3]), [1, 3]),
  notContainsIn: finds((query) => query.notContainsIn('rank', [1, 3]), [2]),
  containsAll: finds((query) => query.containsAll('m', ['Q0', 'Q2']), [3]),
  containsMembers: finds((query) => query.containsMembers(['Q1']), [2, 3]),
  withMembers: finds((query) => query.withMembers(['Q0', 'Q1'], true), [2]),
  sizeEqualTo: finds((query) => query.sizeEqualTo('m', 2), [1]),
  contains: finds((query) => query.contains('name', 'et'), [2]),
  startsWith: finds((query) => query.startsWith('name', 'query a'), [1]),
  endsWith: finds((query) => query.endsWith('name', 'ma'), [3]),
  matches: finds((query) => query.matches('name', /QUERY B/i), [2]),
  exists: finds((query) => query.exists('only'), [3]),
  doesNotExist: finds((query) => query.doesNotExist('only'), [1, 2]),
  limit: finds((query) => query.limit(2), [1, 2]),
  skip: finds((query) => query.skip(2), [3]),
  ascending: finds((query) => query.ascending('rank'), [1, 2, 3]),
  descending: finds((query) => query.descending('rank'), [3, 2, 1]),
  addAscending: finds((query) => query.addAscending('name'), [1, 2, 3]),
  addDescending: finds((query) => query.addDescending('name'), [1, 2, 3]),
  find: finds((query) => query, [1, 2, 3]),
  async first(stage) {
    await three(stage);
    assert.equal((await stage.tom.getQuery().equalTo('rank', 2).first()).get('rank'), 2);
  },
  async compact(stage) {
    await three(stage);
    const [found] = await stage.tom.getQuery().equalTo('rank', 3).compact().find();
    assert.deepEqual(found.members, []);
  },
  async withLastMessagesRefreshed(stage) {
    const { sdk, jerry } = stage;
    const [, , third] = await three(stage);
    await third.send(new sdk.TextMessage('the last word'));
    const [found] = await jerry.getQuery().equalTo('rank', 3).withLastMessagesRefreshed().find();
    assert.equal(found.lastMessage.text, 'the last word');
  },
  async toJSON({ tom }) {
    assert.ok(tom.getQuery().equalTo('rank', 1).toJSON().where);
  },
};
