// A node that is cut off from NATS: its people still hear what others say, a little later, once and in order.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ChatClient, connectChat } from '../kit/chat-client.ts';
import { type Cluster, clusterTests, type Node, openCluster } from '../kit/cluster.ts';
import { eventually, within } from '../kit/eventually.ts';
import { jm } from '../kit/jmessage.ts';
import { leancloud } from '../kit/leancloud.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import { authOf, ext, text } from '../kit/story.ts';

clusterTests('nodes that NATS leaves alone', () => {
  let cluster: Cluster;
  let here: Node;
  let there: Node;
  let ann: ChatClient;
  let bob: ChatClient;
  let tom: LcWire;
  const ok = async (node: Node, method: string, path: string, body?: unknown) => {
    const answer = await node.rest(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const away = async (): Promise<void> => {
    there.nats.refuse();
    await eventually('NATS is away', () => there.core.bus.state() === 'away');
  };
  const back = async (): Promise<void> => {
    there.nats.pass();
    await eventually('NATS is back', () => there.core.bus.state() === 'connected', 15_000);
  };
  const bodies = (client: ChatClient, begin: string): string[] =>
    client.events
      .filter(({ name }) => ['message', 'edited', 'recalled'].includes(name))
      .map(({ name, argument }) => (name === 'recalled' ? `a recalled ${argument.ts}` : argument.content.body))
      .filter((body: string) => body.startsWith(begin));

  before(async () => {
    cluster = await openCluster();
    [here, there] = cluster.nodes;
    ann = await connectChat(here.url, authOf(cluster.app, { client: 'ann' }));
    bob = await connectChat(there.url, authOf(cluster.app, { client: 'bob', ...ext }));
    tom = await LcWire.open(there, 'tom');
    await ok(here, 'POST', '/ctx/ann/friends/bob');
  });
  after(async () => {
    await Promise.all([ann.close(), bob.close(), tom.close()]);
    await cluster.close();
  });

  test('[CORE-347] [CORE-349] messages to a friend and a group, edits and recalls, all while NATS is away', async () => {
    const group = await ok(here, 'POST', '/groups', { owner: 'ann', members: ['bob', 'tom'] });
    await ann.sayAndWait(text(1, group, 'a 0'));
    await bob.next('message', ({ content }) => content.body === 'a 0');
    await away();
    const said: number[] = [];
    for (let n = 1; n <= 5; n++) said.push((await ann.sayAndWait(text(1, group, `a ${n}`))).ts);
    for (let n = 1; n <= 3; n++) await ann.sayAndWait(text(0, 'bob', `a direct ${n}`));
    await eventually('all are heard', () => bodies(bob, 'a').length === 9, 10_000);
    const expected = ['a 0', 'a 1', 'a 2', 'a 3', 'a 4', 'a 5'];
    assert.deepEqual(
      bodies(bob, 'a').filter((body) => !body.includes('direct')),
      expected,
    );
    assert.deepEqual(
      bodies(bob, 'a').filter((body) => body.includes('direct')),
      ['a direct 1', 'a direct 2', 'a direct 3'],
    );
    const extended = await connectChat(here.url, authOf(cluster.app, { client: 'ann', ...ext }));
    await extended.ask('edit', { to: { id: group, type: 1 }, ts: said[0], content: { media: 0, body: 'a 1, better' } });
    await extended.ask('recall', { to: { id: group, type: 1 }, ts: said[1] });
    await eventually('both are heard', () => bodies(bob, 'a').length === 11, 10_000);
    assert.deepEqual(bodies(bob, 'a').slice(-2), ['a 1, better', `a recalled ${said[1]}`]);
    await extended.close();
    await back();
    await ann.sayAndWait(text(1, group, 'a last'));
    await bob.next('message', ({ content }) => content.body === 'a last');
    assert.equal(bodies(bob, 'a').length, 12);
    const groupWords = tom.pushes.flatMap(({ cmd, directMessage }) =>
      cmd === 'direct' && directMessage?.msg?.includes('"a ') ? [directMessage.timestamp] : [],
    );
    assert.equal(groupWords.length, new Set(groupWords).size);
    assert.equal(groupWords.length, 7, 'LeanCloud’s client beside him heard as much of the group');
  });

  test('[CORE-347] who is let into a group while NATS is away hears it', async () => {
    const group = await ok(here, 'POST', '/groups', { owner: 'ann', members: ['eve'] });
    await away();
    await ok(here, 'POST', `/groups/${group}/members`, ['bob']);
    await ann.sayAndWait(text(1, group, 'b welcome'));
    await eventually('bob is in', async () => (await bob.sayAndWait(text(1, group, 'b thanks'))).success, 10_000);
    await bob.next('members', ({ added }) => added?.[0]?.id === 'bob' || added?.[0] === 'bob');
    await ann.sayAndWait(text(1, group, 'b second'));
    await eventually('he hears it', () => bodies(bob, 'b second').length === 1, 10_000);
    await back();
    const heard = bob.heard('message').filter(({ to }) => to.id === group);
    assert.deepEqual(
      heard.map(({ content }) => content.body),
      ['b welcome', 'b second'],
    );
  });

  test('[CORE-347] [CORE-348] nothing is missing and nothing is twice when NATS breaks again and again under talk', async () => {
    const group = await ok(here, 'POST', '/groups', { owner: 'ann', members: ['bob', 'cat'] });
    const cat = await connectChat(there.url, authOf(cluster.app, { client: 'cat' }));
    await ann.sayAndWait(text(1, group, 'c first'));
    await cat.next('message');
    const said: number[] = [];
    let talking = true;
    const talk = async (client: ChatClient, name: string): Promise<void> => {
      for (let n = 0; talking; n++) said.push((await client.sayAndWait(text(1, group, `c ${name} ${n}`))).ts);
    };
    const talks = [talk(ann, 'ann'), talk(bob, 'bob')];
    for (const node of [there, here, there, here]) {
      node.nats.refuse();
      await eventually('NATS is away', () => node.core.bus.state() === 'away');
      const before = said.length;
      await eventually('they go on', () => said.length > before + 5);
      node.nats.pass();
      await eventually('NATS is back', () => node.core.bus.state() === 'connected', 15_000);
      const then = said.length;
      await eventually('they go on', () => said.length > then + 5);
    }
    talking = false;
    await Promise.all(talks);
    const heard = (): number[] =>
      cat
        .heard('message')
        .filter(({ to, content }) => to.id === group && content.body !== 'c first')
        .map(({ ts }) => ts);
    await eventually('cat hears all', () => heard().length >= said.length, 15_000).catch(() => {});
    assert.deepEqual(
      heard(),
      said.sort((a, b) => a - b),
    );
    await cat.close();
  });

  test('[CORE-347] a NATS that stands still is no worse than one that is away', async () => {
    there.nats.stall();
    const { ts } = await ann.sayAndWait(text(0, 'bob', 'd stalled'));
    await eventually('bob hears it', () => bob.heard('message').some((one) => one.ts === ts), 10_000);
    there.nats.pass();
    await ann.sayAndWait(text(0, 'bob', 'd flows'));
    await eventually('bob hears it', () => bodies(bob, 'd flows').length === 1, 20_000);
    assert.deepEqual(bodies(bob, 'd '), ['d stalled', 'd flows']);
  });

  test('[CORE-351] who was disabled or kicked while his node had lost NATS is gone when it is back', async () => {
    const eve = await connectChat(there.url, authOf(cluster.app, { client: 'eve' }));
    const spy = await LcWire.open(there, 'spy');
    await away();
    assert.equal((await jm(here, 'PUT', '/v1/users/eve/forbidden?disable=true')).status, 204);
    const kicked = await leancloud(here)('POST', '/1.2/rtm/clients/spy/kick', { reason: 'no' }, { master: true });
    assert.equal(kicked.status, 200);
    assert.ok(eve.isOpen);
    await back();
    await within('she is gone', eve.closed, 10_000);
    await spy.nextOp('session', 'closed');
    await spy.close();
    assert.ok(bob.isOpen);
  });

  test('[CORE-345] a node starts while NATS is away, serves, and is ready by itself when NATS is there', async () => {
    const node = await cluster.join({ nats: 'away' });
    const ready = () => fetch(`${node.url}/readyz`);
    const answer = await ready();
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /bus/);
    const dan = await connectChat(node.url, authOf(cluster.app, { client: 'dan' }));
    await ok(here, 'POST', '/ctx/ann/friends/dan');
    await ann.sayAndWait(text(0, 'dan', 'f early'));
    await eventually('dan hears it', () => bodies(dan, 'f').length === 1, 10_000);
    node.nats.pass();
    await eventually('it is ready', async () => (await ready()).status === 200, 10_000);
    await ann.sayAndWait(text(0, 'dan', 'f late'));
    await eventually('dan hears it', () => bodies(dan, 'f').length === 2);
    node.nats.refuse();
    await eventually('NATS is away', () => node.core.bus.state() === 'away');
    assert.equal((await ready()).status, 200, 'a node that lost NATS still serves');
    await dan.close();
    await node.close();
  });

  test('[CORE-346] after NATS was away nothing is believed that was remembered', async () => {
    const may = async (expected: boolean, ms: number) =>
      eventually(
        `bob may ${expected ? '' : 'not '}talk`,
        async () => (await bob.sayAndWait(text(0, 'ann', 'e'))).success === expected,
        ms,
      );
    await may(true, 2_000);
    await away();
    await ok(here, 'DELETE', '/ctx/ann/friends/bob');
    assert.equal((await bob.sayAndWait(text(0, 'ann', 'e'))).success, true, 'it is not known yet');
    await back();
    await may(false, 5_000);
  });
});
