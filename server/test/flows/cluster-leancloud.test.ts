// LeanCloud's clients on two nodes, and MaxLeap's among them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectChat } from '../kit/chat-client.ts';
import { type Cluster, clusterTests, type Node, openCluster } from '../kit/cluster.ts';
import { eventually } from '../kit/eventually.ts';
import { leancloud } from '../kit/leancloud.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import { authOf, text } from '../kit/story.ts';

clusterTests('LeanCloud clients on two nodes', () => {
  let cluster: Cluster;
  let here: Node;
  let there: Node;
  let tom: LcWire;
  let jerry: LcWire;
  before(async () => {
    cluster = await openCluster();
    [here, there] = cluster.nodes;
    tom = await LcWire.open(here, 'Tom');
    jerry = await LcWire.open(there, 'Jerry');
  });
  after(async () => {
    for (const wire of [tom, jerry]) await wire.close();
    await cluster.close();
  });
  const wordsIn = (wire: LcWire, cid: string): string[] =>
    wire.pushes.flatMap(({ cmd, directMessage }) =>
      cmd === 'direct' && directMessage?.cid === cid ? [JSON.parse(directMessage.msg ?? '{}')._lctext] : [],
    );

  test('[CORE-350] a conversation of two nodes: started, said, both ways, once each', async () => {
    const cid = await tom.start(['Tom', 'Jerry', 'Spike']);
    await jerry.nextOp('conv', 'joined');
    for (let n = 0; n < 20; n++) {
      assert.equal((await tom.say(cid, `tom ${n}`)).ackMessage?.code, undefined);
      assert.equal((await jerry.say(cid, `jerry ${n}`)).ackMessage?.code, undefined);
    }
    await eventually('both hear all', () => wordsIn(tom, cid).length >= 20 && wordsIn(jerry, cid).length >= 20);
    assert.deepEqual(
      wordsIn(jerry, cid),
      Array.from({ length: 20 }, (_, n) => `tom ${n}`),
    );
    assert.deepEqual(
      wordsIn(tom, cid),
      Array.from({ length: 20 }, (_, n) => `jerry ${n}`),
    );
  });

  test('[CORE-350] who is taken out of a conversation, and who is silenced, is so at the other node', async () => {
    const cid = await tom.start(['Tom', 'Jerry', 'Butch']);
    const rest = leancloud(here);
    await jerry.say(cid, 'hi');
    const quiet = await rest(
      'POST',
      `/1.2/rtm/conversations/${cid}/temporary-silenceds`,
      { client_id: 'Jerry', ttl: 60 },
      { master: true },
    );
    assert.equal(quiet.status, 200, quiet.text);
    await eventually('he may not speak', async () => (await jerry.say(cid, '?')).ackMessage?.code === 4315);
    await tom.ask({ cmd: 'conv', op: 'remove', convMessage: { cid, m: ['Jerry'] } });
    await eventually('he is out', async () => (await jerry.say(cid, '?')).ackMessage?.code === 4401);
    await tom.say(cid, 'he is gone');
    await tom.settled();
    await jerry.settled();
    assert.equal(wordsIn(jerry, cid).includes('he is gone'), false);
  });

  test('[CORE-350] a room that people of two nodes are in', async () => {
    const cid = await tom.start(['Tom'], { transient: true });
    await jerry.ask({ cmd: 'conv', op: 'add', convMessage: { cid, m: ['Jerry'] } });
    await tom.say(cid, 'in the room');
    await eventually('he hears it', () => wordsIn(jerry, cid).includes('in the room'));
    const counts = await Promise.all(
      [tom, jerry].map((wire) => wire.ask({ cmd: 'conv', op: 'count', convMessage: { cid } })),
    );
    assert.deepEqual(
      counts.map(({ convMessage: count }) => count?.count),
      [2, 2],
    );
  });

  test('[CORE-350] MaxLeap’s clients at one node hear LeanCloud’s at the other', async () => {
    const ann = await connectChat(here.url, authOf(cluster.app, { client: 'ann' }));
    const bob = await LcWire.open(there, 'bob');
    await here.rest('POST', '/ctx/ann/friends/bob');
    const cid = await bob.start(['ann', 'bob'], { unique: true });
    await eventually('ann hears bob', async () => {
      await bob.say(cid, 'from bob');
      return ann.heard('message').length > 0;
    });
    await ann.sayAndWait(text(0, 'bob', 'from ann'));
    await eventually('bob hears ann', () => wordsIn(bob, cid).includes('from ann'));
    await ann.close();
    await bob.close();
  });

  test('[CORE-351] one device at a time by a tag, whichever node it comes to', async () => {
    const first = await LcWire.open(here, 'Tagged', { tag: 'web', deviceId: 'd1' });
    const second = await LcWire.open(there, 'Tagged', { tag: 'web', deviceId: 'd2' });
    const { sessionMessage } = await first.nextOp('session', 'closed');
    assert.deepEqual(sessionMessage, { code: 4111, reason: 'SESSION_CONFLICT' });
    await second.settled();
    assert.deepEqual(second.pushes, []);
    await first.close();
    await second.close();
  });

  test('[CORE-351] who is put out by the application is gone from every node', async () => {
    const both = [await LcWire.open(here, 'Kicked'), await LcWire.open(there, 'Kicked')];
    const answer = await leancloud(here)(
      'POST',
      '/1.2/rtm/clients/Kicked/kick',
      { reason: 'no more' },
      { master: true },
    );
    assert.equal(answer.status, 200, answer.text);
    for (const wire of both) {
      const { sessionMessage } = await wire.nextOp('session', 'closed');
      assert.equal(sessionMessage?.reason, 'no more');
      await wire.close();
    }
  });
});
