// Ann is connected to one node and Bob to another: everything is as if there were one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ChatClient, connectChat } from '../kit/chat-client.ts';
import { type Cluster, clusterTests, type Node, openCluster } from '../kit/cluster.ts';
import { eventually, within } from '../kit/eventually.ts';
import { authOf, ext, text } from '../kit/story.ts';

clusterTests('MaxLeap clients on two nodes', () => {
  let cluster: Cluster;
  let here: Node;
  let there: Node;
  let ann: ChatClient;
  let bob: ChatClient;
  const clients: ChatClient[] = [];
  const join = async (node: Node, id: string, more: object = {}): Promise<ChatClient> => {
    const client = await connectChat(node.url, authOf(cluster.app, { client: id, ...more }));
    assert.equal(client.login.success, true, JSON.stringify(client.login));
    clients.push(client);
    return client;
  };
  const ok = async (node: Node, method: string, path: string, body?: unknown) => {
    const answer = await node.rest(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  /** One node is told of what was changed at another in a moment. */
  const may = (client: ChatClient, to: string, expected: boolean, type = 0): Promise<unknown> =>
    eventually(
      `${to} may ${expected ? '' : 'not '}be talked to`,
      async () => (await client.sayAndWait(text(type, to, 'hi'))).success === expected,
      2_000,
    );
  /** Everything said before has arrived at both. */
  const settled = async (): Promise<void> => {
    for (const [client, id] of [
      [ann, 'ann'],
      [bob, 'bob'],
    ] as const) {
      for (const node of [here, there]) {
        const mark = `mark ${Math.random()}`;
        await ok(node, 'POST', `/system/${id}`, { content: { media: 0, body: mark } });
        await client.next('sys', (sys) => sys.content.body === mark);
      }
    }
  };

  before(async () => {
    cluster = await openCluster();
    [here, there] = cluster.nodes;
    ann = await join(here, 'ann', ext);
    bob = await join(there, 'bob', ext);
  });
  after(async () => {
    for (const client of clients) await client.close().catch(() => client.terminate());
    await cluster.close();
  });

  test('[CORE-350] strangers, then friends: what one node is told of two people binds at the other in a moment', async () => {
    for (let n = 0; n < 6; n++) {
      await ok(n % 2 ? here : there, 'POST', '/ctx/ann/friends/bob');
      await Promise.all([may(ann, 'bob', true), may(bob, 'ann', true)]);
      await ok(n % 2 ? there : here, 'DELETE', '/ctx/ann/friends/bob');
      await Promise.all([may(ann, 'bob', false), may(bob, 'ann', false)]);
    }
    await ok(here, 'POST', '/ctx/ann/friends/bob');
    await Promise.all([may(ann, 'bob', true), may(bob, 'ann', true)]);
  });

  test('[CORE-350] a friend hears it once, one’s other device as `yourself`, and the history is one', async () => {
    const desk = await join(there, 'ann');
    const { ts } = await ann.sayAndWait(text(0, 'bob', 'hi bob'));
    assert.equal((await bob.next('message', ({ content }) => content.body === 'hi bob')).ts, ts);
    assert.equal((await desk.next('yourself')).ts, ts);
    await settled();
    assert.equal(bob.heard('message').filter(({ content }) => content.body === 'hi bob').length, 1);
    assert.deepEqual([ann.heard('yourself').length, desk.heard('yourself').length], [0, 1]);
    const pages = await Promise.all([here, there].map((node) => ok(node, 'GET', '/ctx/ann/friends/bob/chats')));
    assert.deepEqual(pages[0], pages[1]);
    await desk.close();
  });

  test('[CORE-350] who is let into a group hears it from then on, and who is put out no longer', async () => {
    const group = await ok(here, 'POST', '/groups', { owner: 'ann', members: ['cat'] });
    await ok(there, 'POST', `/groups/${group}/members`, ['bob']);
    const first = await ann.sayAndWait(text(1, group, 'welcome'));
    assert.equal(first.success, true);
    await bob.next('message', ({ content }) => content.body === 'welcome');
    assert.equal((await bob.sayAndWait(text(1, group, 'thanks'))).success, true);
    await ann.next('message', ({ content }) => content.body === 'thanks');
    await ok(here, 'DELETE', `/groups/${group}/members`, ['bob']);
    await may(bob, group, false, 1);
    await ann.sayAndWait(text(1, group, 'he is gone'));
    await settled();
    assert.equal(bob.heard('message').filter(({ content }) => content.body === 'he is gone').length, 0);
  });

  test('[CORE-350] a room is heard at both nodes, in the order of each speaker', async () => {
    const room = await ok(there, 'POST', '/rooms', { members: ['ann', 'bob'] });
    // Talk that is not stored is lost on who comes in at that moment: the other node has yet to be told that he has.
    await eventually('bob is in', async () => {
      await ann.sayAndWait(text(2, room, 'is bob here?'));
      return bob.heard('message').some(({ to }) => to.id === room);
    });
    await settled();
    const said = Array.from({ length: 50 }, (_, n) => `word ${n}`);
    for (const word of said) ann.say(text(2, room, word));
    const heard = () =>
      bob.heard('message').filter(({ to, content }) => to.id === room && content.body !== 'is bob here?');
    await eventually('bob hears all', () => heard().length === 50);
    assert.deepEqual(
      heard().map(({ content }) => content.body),
      said,
    );
  });

  test('[CORE-348] what two nodes say in one group at once is heard by everybody in the order of the history', async () => {
    const group = await ok(here, 'POST', '/groups', { owner: 'ann', members: ['bob', 'eve'] });
    const eves = [await join(here, 'eve'), await join(there, 'eve')];
    const each = 100;
    for (let n = 0; n < each; n++) {
      ann.say(text(1, group, `ann ${n}`));
      bob.say(text(1, group, `bob ${n}`));
    }
    const of = (client: ChatClient) => client.heard('message').filter(({ to }) => to.id === group);
    for (const eve of eves) {
      await eventually('eve hears all', () => of(eve).length >= 2 * each, 15_000);
      const places = of(eve).map(({ ts }) => ts);
      assert.deepEqual(
        places,
        [...new Set(places)].sort((a, b) => a - b),
      );
    }
    assert.deepEqual(of(eves[0] as ChatClient), of(eves[1] as ChatClient));
  });

  test('[CORE-350] edits, recalls and system messages go through', async () => {
    const { ts } = await ann.sayAndWait(text(0, 'bob', 'typo'));
    await ann.ask('edit', { to: { id: 'bob' }, ts, content: { media: 0, body: 'no typo' } });
    assert.equal((await bob.next('edited')).content.body, 'no typo');
    await ann.ask('recall', { to: { id: 'bob' }, ts });
    assert.equal((await bob.next('recalled')).ts, ts);
    await ok(here, 'POST', '/system', { content: { media: 0, body: 'to all' } });
    for (const client of [ann, bob]) await client.next('sys', ({ content }) => content.body === 'to all');
  });

  test('[CORE-350] friends hear each other come and go', async () => {
    await ok(here, 'POST', '/ctx/bob/friends/dan');
    const dan = await join(here, 'dan');
    assert.equal(await bob.next('online', (id) => id === 'dan'), 'dan');
    const second = await join(there, 'dan');
    await dan.close();
    await settled();
    assert.equal((await ok(there, 'GET', '/ctx/dan')).online, true);
    await second.close();
    assert.equal(await bob.next('offline', (id) => id === 'dan'), 'dan');
    const comings = bob.events.filter(({ argument }) => argument === 'dan').map(({ name }) => name);
    assert.deepEqual(comings, ['online', 'offline']);
  });

  test('[CORE-351] an app whose key is taken away loses its sessions at every node', async () => {
    const { other } = here;
    const auth = authOf(other, { client: 'ann' });
    const both = [await connectChat(here.url, auth), await connectChat(there.url, auth)];
    await here.core.store.apps.change(other.id, { clientKey: 'another-client-key-0123' });
    await within('both are closed', Promise.all(both.map(({ closed }) => closed)), 10_000);
  });
});
