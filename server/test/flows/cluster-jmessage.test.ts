// JMessage's REST door at one node, people at the other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ChatClient, connectChat } from '../kit/chat-client.ts';
import { type Cluster, clusterTests, type Node, openCluster } from '../kit/cluster.ts';
import { eventually, within } from '../kit/eventually.ts';
import { jm, register } from '../kit/jmessage.ts';
import { LcWire } from '../kit/leancloud-wire.ts';
import { authOf, text } from '../kit/story.ts';

clusterTests('JMessage’s REST door beside sockets of another node', () => {
  let cluster: Cluster;
  let here: Node;
  let there: Node;
  let tom: ChatClient;
  let annie: LcWire;
  const fine = async (method: string, path: string, body?: unknown) => {
    const answer = await jm(here, method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const say = (target_type: string, target_id: string | number, words: string) =>
    fine('POST', '/v1/messages', {
      version: 1,
      from_type: 'user',
      from_id: 'eddie',
      target_type,
      target_id,
      msg_type: 'text',
      msg_body: { text: words },
    });
  before(async () => {
    cluster = await openCluster();
    [here, there] = cluster.nodes;
    await register(here, 'tom', 'annie', 'eddie', 'mallory');
    tom = await connectChat(there.url, authOf(cluster.app, { client: 'tom' }));
    annie = await LcWire.open(there, 'annie');
  });
  after(async () => {
    await tom.close();
    await annie.close();
    await cluster.close();
  });

  test('[CORE-350] what server code says at one node is heard at the other', async () => {
    await say('single', 'tom', 'to tom');
    await tom.next('message', ({ content }) => content.body === 'to tom');
    await say('single', 'annie', 'to annie');
    await annie.next('annie hears it', ({ directMessage }) => directMessage?.msg?.includes('to annie') === true);
    const { gid } = await fine('POST', '/v1/groups', {
      owner_username: 'tom',
      name: 'hikers',
      members_username: ['annie', 'eddie'],
    });
    await annie.nextOp('conv', 'joined');
    await say('group', gid, 'to all');
    await tom.next('message', ({ content }) => content.body === 'to all');
    await annie.next('annie hears it', ({ directMessage }) => directMessage?.msg?.includes('to all') === true);
  });

  test('[CORE-350] who is in whose group, who is silenced and who is online is one at every node', async () => {
    const { gid } = await fine('POST', '/v1/groups', {
      owner_username: 'eddie',
      name: 'quiet',
      members_username: ['tom'],
    });
    const { id } = (await here.core.store.conversations.open(cluster.app.no, String(gid))) as { id: string };
    await eventually('tom may speak', async () => (await tom.sayAndWait(text(1, id, 'hi'))).success === true);
    await fine('PUT', `/v1/groups/messages/${gid}/silence?status=true`, ['tom']);
    const { online } = await fine('GET', '/v1/users/tom/userstat');
    assert.equal(online, true);
    const silenced = await fine('GET', `/v1/groups/${gid}/members`);
    assert.ok(silenced);
    await fine('POST', `/v1/groups/${gid}/members`, { remove: ['tom'] });
    await eventually('tom is out', async () => (await tom.sayAndWait(text(1, id, 'hi'))).success === false);
  });

  test('[CORE-351] who is forbidden, or erased, is gone from every node and stays away', async () => {
    const both = await Promise.all(
      [here, there].map((node) => connectChat(node.url, authOf(cluster.app, { client: 'mallory' }))),
    );
    const wire = await LcWire.open(there, 'mallory');
    await fine('PUT', '/v1/users/mallory/forbidden?disable=true');
    await within('both are closed', Promise.all(both.map(({ closed }) => closed)));
    await wire.nextOp('session', 'closed');
    await wire.close();
    const again = await connectChat(there.url, authOf(cluster.app, { client: 'mallory' }));
    assert.equal(again.login.success, false);
    await again.close();
    const eddie = await connectChat(there.url, authOf(cluster.app, { client: 'eddie' }));
    await fine('DELETE', '/v1/users/eddie');
    await within('he is gone', eddie.closed);
  });
});
