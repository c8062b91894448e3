// What every bus promises. An adapter's test hands over who publishes and who listens: two nodes, or one that is both.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CoreEvent } from '../../src/core/events.ts';
import { type Bus, conversationTopic, type Topic, userTopic } from '../../src/core/ports/bus.ts';
import { eventually } from '../kit/eventually.ts';

export type OpenBus = {
  readonly publisher: Bus;
  readonly listener: Bus;
  close(): Promise<void>;
};

export const said = (words: string, more: object = {}): CoreEvent => ({
  type: 'announcement',
  app: 1,
  content: { type: 'text', text: words },
  ts: 1,
  ...more,
});
export const wordsOf = (event: CoreEvent): string =>
  event.type === 'announcement' && event.content.type === 'text' ? event.content.text : event.type;

export type Heard = { readonly words: string; readonly topics: readonly Topic[]; readonly event: CoreEvent };

export function listenTo(bus: Bus): Heard[] {
  const heard: Heard[] = [];
  bus.onEvent((event, topics) => heard.push({ words: wordsOf(event), topics, event }));
  return heard;
}

export function busContract(name: string, open: () => Promise<OpenBus>): void {
  describe(name, () => {
    let opened: OpenBus;
    let heard: Heard[];
    let own: Heard[];
    before(async () => {
      opened = await open();
      heard = listenTo(opened.listener);
      own = listenTo(opened.publisher);
    });
    after(() => opened.close());
    const until = (words: string): Promise<Heard> =>
      eventually(`"${words}" is heard`, () => heard.find((one) => one.words === words));

    test('[CORE-340] an event for several topics is heard once, with all of them, and in the order of publishing', async () => {
      const { publisher, listener } = opened;
      const [ann, bob] = [userTopic(1, 'ann'), userTopic(1, 'bob')];
      await Promise.all([listener.want(ann), listener.want(bob), listener.want(conversationTopic(1, 7))]);
      for (let n = 0; n < 100; n++) publisher.publish(said(`n${n}`), n % 2 ? [conversationTopic(1, 7)] : [ann, bob]);
      const crowd = [ann, bob, ...Array.from({ length: 500 }, (_, n) => userTopic(1, `stranger${n}`))];
      publisher.publish(said('to a crowd'), crowd);
      publisher.publish(said('last'), [bob, ann]);
      await until('last');
      assert.deepEqual(
        heard.map(({ words }) => words),
        [...Array.from({ length: 100 }, (_, n) => `n${n}`), 'to a crowd', 'last'],
      );
      assert.deepEqual(heard[0]?.topics, [ann, bob]);
      assert.deepEqual(heard.at(-2)?.topics, crowd);
      await Promise.all([ann, bob, conversationTopic(1, 7)].map((topic) => listener.unwant(topic)));
    });

    test('[CORE-340] the publisher hears himself, after his own turn', async () => {
      const { publisher } = opened;
      const before = own.length;
      publisher.publish(said('to myself'), [userTopic(1, 'nobody')]);
      await Promise.resolve();
      assert.equal(own.length, before);
      await eventually('it is heard', () => own.length > before);
      assert.equal(own.at(-1)?.words, 'to myself');
    });

    test('[CORE-341] a topic is heard from the moment it is wanted', async () => {
      const { publisher, listener } = opened;
      for (let n = 0; n < 50; n++) {
        await listener.want(conversationTopic(2, n));
        publisher.publish(said(`at once ${n}`), [conversationTopic(2, n)]);
      }
      await until('at once 49');
      assert.equal(heard.filter(({ words }) => words.startsWith('at once')).length, 50);
    });

    test('[CORE-342] a topic may be named by any text', async () => {
      const { publisher, listener } = opened;
      const ids = ['a.b', '*', '>', 'a b', 'a/b', '鸿雁', ':visitor', '$SYS', '=YQ', 'ü'.repeat(128), '\n', '"'];
      for (const id of ids) await listener.want(userTopic(3, id));
      for (const id of ids) publisher.publish(said(`hello ${id}`), [userTopic(3, id)]);
      for (const id of ids) assert.deepEqual((await until(`hello ${id}`)).topics, [userTopic(3, id)]);
    });

    test('[CORE-343] an event of any size that a core makes arrives whole', async () => {
      const { publisher, listener } = opened;
      await listener.want(userTopic(4, 'ann'));
      const long = 'x'.repeat(500_000);
      publisher.publish(said(long), [userTopic(4, 'ann')]);
      await until(long);
    });
  });
}
