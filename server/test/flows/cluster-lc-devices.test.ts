// LeanCloud's devices that come back to another node than the one they left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { announce } from '../../src/core/announcements/announce.ts';
import { type Cluster, clusterTests, type Node, openCluster } from '../kit/cluster.ts';
import { leancloud } from '../kit/leancloud.ts';
import { LcWire, textOf } from '../kit/leancloud-wire.ts';

clusterTests('LeanCloud devices on two nodes', () => {
  let cluster: Cluster;
  let here: Node;
  let there: Node;
  before(async () => {
    cluster = await openCluster();
    [here, there] = cluster.nodes;
  });
  after(() => cluster.close());

  test('[LC-369] the other node knows who took a tag, who sat in a room, and whose token is good', async () => {
    const [tablet, phone] = [await LcWire.connect(here), await LcWire.connect(here)];
    const old = (await tablet.openSession('Tag', { tag: 'web', deviceId: 'd1' })).sessionMessage?.st;
    const st = (await phone.openSession('Tag', { tag: 'web', deviceId: 'd2' })).sessionMessage?.st;
    const room = await phone.start(['Tag'], { transient: true });
    phone.cut();
    tablet.cut();
    const back = await LcWire.connect(there);
    assert.equal((await back.openSession('Tag', { r: true, st: old })).sessionMessage?.code, 4111);
    assert.equal((await back.openSession('Tag', { r: true, st })).op, 'opened');
    const speaker = await LcWire.open(here, 'Speaker');
    await speaker.say(room, 'still there?');
    assert.equal((await back.nextOp('direct')).directMessage?.msg, textOf('still there?'));
    for (const wire of [back, speaker]) await wire.close();
  });

  test('[LC-360] [LC-362] what services and the application say at one node is heard and counted at the other', async () => {
    const rest = leancloud(here);
    const as = async (path: string, body: object) => (await rest('POST', path, body, { master: true })).body;
    const { objectId: id } = await as('/1.2/rtm/service-conversations', { name: 'news' });
    await as(`/1.2/rtm/service-conversations/${id}/subscribers`, { client_id: 'Sub' });
    const sub = await LcWire.open(there, 'Sub');
    const message = { from_client: 'desk', message: textOf('you') };
    await as(`/1.2/rtm/service-conversations/${id}/messages`, { ...message, to_clients: ['Sub'] });
    assert.equal((await sub.nextOp('direct')).directMessage?.cid, id);
    await announce(here.core, here.app, { kind: 'user', id: 'Sub' }, { type: 'text', text: 'all of you' });
    assert.equal((await sub.nextOp('direct')).directMessage?.msg, textOf('all of you'));
    sub.send({ cmd: 'read', readMessage: { convs: [{ cid: id, timestamp: Date.now() + 1_000 }] } });
    assert.equal((await sub.nextOp('unread')).unreadMessage?.convs?.[0]?.unread, 0);
    await sub.close();
  });
});
