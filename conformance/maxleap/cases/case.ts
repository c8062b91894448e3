// What each case of the SDK's functions works with.
import assert from 'node:assert/strict';
import type { ChildServer } from '../../../server/test/kit/child.ts';
import { Refusal, type SdkClient, type Untyped } from '../../kit/sdk.ts';

export type Stage = {
  readonly server: ChildServer;
  /** Friends, both connected. */
  readonly ann: SdkClient;
  readonly bob: SdkClient;
  /** Ann again, in the browser bundle. */
  readonly annInBrowser: SdkClient;
};

/** One case for one function, under the function's own name. */
export type Cases = Readonly<Record<string, (stage: Stage) => Promise<void>>>;

let count = 0;
/** An id nobody used before. */
export const fresh = (what: string): string => {
  count += 1;
  return `${what}-${count}`;
};

/** Makes users the way an application does that has only REST: by giving them attributes. */
export async function people(client: SdkClient, ...names: string[]): Promise<string[]> {
  const ids = names.map(fresh);
  for (const id of ids) await client.ask((done) => client.im.setUserAttributes(id, { made: true }, done));
  return ids;
}

/** The call is refused, and `err` is the raw text of the error envelope with this code. */
export async function refused(call: Promise<Untyped>, errorCode: number): Promise<void> {
  const error = await call.then(
    () => assert.fail('the call succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Refusal, String(error));
  assert.equal(typeof error.err, 'string');
  const envelope = JSON.parse(error.err as string) as { errorCode: number; errorMessage: string };
  assert.equal(envelope.errorCode, errorCode);
  assert.equal(typeof envelope.errorMessage, 'string');
}

/** The five attribute functions of users, groups and rooms behave alike: `name` is User, Group or Room. */
export function attributeCases(name: 'User' | 'Group' | 'Room', make: (client: SdkClient) => Promise<string>): Cases {
  const all = `get${name}Attributes`;
  return {
    async [`set${name}Attributes`]({ ann }) {
      const id = await make(ann);
      assert.deepEqual(await ann.ask((done) => ann.im[`set${name}Attributes`](id, { a: 1, b: { c: [2] } }, done)), {});
      await ann.ask((done) => ann.im[`set${name}Attributes`](id, { b: 'two' }, done));
      const map = await ann.ask((done) => ann.im[all](id, done));
      assert.equal(map.a, 1);
      assert.equal(map.b, 'two');
    },
    async [`coverSet${name}Attributes`]({ ann }) {
      const id = await make(ann);
      await ann.ask((done) => ann.im[`set${name}Attributes`](id, { a: 1 }, done));
      assert.deepEqual(await ann.ask((done) => ann.im[`coverSet${name}Attributes`](id, { z: null }, done)), {});
      assert.deepEqual(await ann.ask((done) => ann.im[all](id, done)), { z: null });
    },
    async [all]({ ann }) {
      const id = await make(ann);
      const attributes = { text: '鸿雁', number: 4.5, flag: false, list: [1, 'x'], map: { deep: true } };
      await ann.ask((done) => ann.im[`coverSet${name}Attributes`](id, attributes, done));
      assert.deepEqual(await ann.ask((done) => ann.im[all](id, done)), attributes);
      await refused(
        ann.ask((done) => ann.im[all]('00000000000000000000000000000000', done)),
        5004,
      );
    },
    async [`get${name}OneAttribute`]({ ann }) {
      const id = await make(ann);
      await ann.ask((done) => ann.im[`set${name}Attributes`](id, { nick: 'Goose', size: 46 }, done));
      assert.equal(await ann.ask((done) => ann.im[`get${name}OneAttribute`](id, 'nick', done)), 'Goose');
      assert.equal(await ann.ask((done) => ann.im[`get${name}OneAttribute`](id, 'size', done)), 46);
      await refused(
        ann.ask((done) => ann.im[`get${name}OneAttribute`](id, 'none', done)),
        5004,
      );
    },
    async [`rm${name}Attributes`]({ ann }) {
      const id = await make(ann);
      await ann.ask((done) => ann.im[`set${name}Attributes`](id, { a: 1 }, done));
      assert.deepEqual(await ann.ask((done) => ann.im[`rm${name}Attributes`](id, done)), {});
      assert.deepEqual(await ann.ask((done) => ann.im[all](id, done)), {});
    },
  };
}
