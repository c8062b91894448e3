// The life of nodes as processes: started at once, stopped, killed, while people who know each other are on several.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { App } from '../../src/core/apps/app.ts';
import { type ChatClient, connectChat } from '../kit/chat-client.ts';
import { clusterTests } from '../kit/cluster.ts';
import { type Serving, serve } from '../kit/command.ts';
import { eventually } from '../kit/eventually.ts';
import { freshPrefix, testNats } from '../kit/nats.ts';
import { openTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { authOf, text } from '../kit/story.ts';
import { call, keys } from '../kit/world.ts';

const [id = '', clientKey = '', masterKey = ''] = keys('first').split(':');
const app = { id, clientKey, masterKey } as App;
const token = 'test-admin-token-0123456789';

clusterTests('nodes as processes', () =>
  describe('nodes as processes', () => {
    let database: TestDatabase;
    let dir: string;
    let nodes: Serving[];
    const clients: ChatClient[] = [];
    const started: Serving[] = [];
    const at = (n: number): string => nodes[n]?.url ?? '';
    const rest = (n: number, method: string, path: string, body?: unknown) => call(at(n), app, method, path, body, {});
    async function node(n: number, env: Record<string, string>): Promise<Serving> {
      const serving = await serve({ ...env, HONGYAN_DATA: join(dir, `${n}`) });
      started.push(serving);
      return serving;
    }
    async function join_(n: number, who: string): Promise<ChatClient> {
      const client = await connectChat(at(n), authOf(app, { client: who }));
      clients.push(client);
      assert.equal(client.login.success, true);
      return client;
    }
    const comings = (client: ChatClient, who: string): string[] =>
      client.events.filter(({ argument }) => argument === who).map(({ name }) => name);

    before(async () => {
      database = await openTestDatabase();
      dir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
      const env = {
        HONGYAN_APPS: keys('first'),
        HONGYAN_ADMIN_TOKEN: token,
        HONGYAN_LOG_LEVEL: 'warn',
        HONGYAN_DATABASE_URL: database.url,
        HONGYAN_NATS_URL: testNats?.url ?? '',
        HONGYAN_NATS_PREFIX: freshPrefix(),
      };
      // At once, on an empty database.
      nodes = await Promise.all([0, 1, 2].map((n) => node(n, env)));
    });
    after(async () => {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all(clients.map((client) => client.close().catch(() => client.terminate())));
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    });

    test('[CORE-386] nodes that start at once on an empty database make one of everything, and keep nothing of their own', async () => {
      for (const n of [0, 1, 2]) {
        const ready = await eventually('the node is ready', async () => {
          const answer = await fetch(`${at(n)}/readyz`);
          return answer.status === 200 && (await answer.json());
        });
        assert.deepEqual(ready, { status: 'ready' });
        const apps = await fetch(`${at(n)}/admin/apps`, { headers: { authorization: `Bearer ${token}` } });
        assert.deepEqual(
          ((await apps.json()) as { id: string }[]).map((one) => one.id),
          [id],
        );
      }
    });

    test('[CORE-385] one node at a time tells an application’s server what is said on all of them', async () => {
      const told: string[] = [];
      const listener = createServer(async (request, response) => {
        let body = '';
        for await (const piece of request) body += piece;
        for (const { msg_body } of JSON.parse(body).messages) told.push(msg_body.text);
        response.writeHead(200).end();
      }).listen(0, '127.0.0.1');
      await once(listener, 'listening');
      try {
        const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
        const set = await fetch(`${at(0)}/admin/apps/${id}`, {
          method: 'PATCH',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ settings: { 'jmessage.callback': { url } } }),
        });
        assert.equal(set.status, 200);
        await rest(0, 'POST', '/ctx/ann/friends/bob');
        const talkers = await Promise.all([0, 1, 2].map((n) => join_(n, n === 0 ? 'bob' : 'ann')));
        const say = (words: string) =>
          Promise.all(
            talkers.map((client, n) => client.sayAndWait(text(0, n === 0 ? 'ann' : 'bob', `${words} from ${n}`))),
          );
        // Said until the first is told: from then on everything is.
        await eventually(
          'the callback has begun',
          async () => {
            await say('early');
            return told.length > 0;
          },
          10_000,
          500,
        );
        for (let round = 0; round < 10; round += 1) await say(`round ${round}`);
        await eventually('all are told', () => told.filter((words) => words.startsWith('round')).length >= 30, 10_000);
        const rounds = told.filter((words) => words.startsWith('round'));
        assert.equal(new Set(rounds).size, 30);
        assert.equal(rounds.length, 30);
        await Promise.all(talkers.map((client) => client.close()));
      } finally {
        listener.closeAllConnections();
        listener.close();
      }
    });

    test('[CORE-387] who is sent away by a node that stops and comes back on another has never left; who was on one that died has', async () => {
      await rest(0, 'POST', '/ctx/dan/friends/eve');
      await rest(0, 'POST', '/ctx/dan/friends/fay');
      const dan = await join_(0, 'dan');
      const eve = await join_(1, 'eve');
      const fay = await join_(1, 'fay');
      assert.equal(await dan.next('online'), 'eve');
      assert.equal(await dan.next('online'), 'fay');
      assert.equal((await rest(2, 'GET', '/ctx/eve')).body.online, true);
      nodes[1]?.child.kill('SIGTERM');
      const began = performance.now();
      await Promise.all([eve.closed, fay.closed]);
      const again = await join_(2, 'eve');
      assert.equal(await nodes[1]?.ended(), 0);
      assert.ok(performance.now() - began < 10_000);
      // Fay does not come back: told when what was held for her is over, and of nobody else.
      assert.equal(await eventually('fay is told of', () => comings(dan, 'fay')[1], 20_000), 'offline');
      assert.deepEqual(comings(dan, 'eve'), ['online']);
      nodes[2]?.child.kill('SIGKILL');
      const killedAt = performance.now();
      await again.closed;
      assert.equal(await eventually('eve is told of', () => comings(dan, 'eve')[1], 20_000), 'offline');
      const tookMs = performance.now() - killedAt;
      assert.ok(tookMs < 15_500, `${Math.round(tookMs)} ms`);
      assert.equal((await rest(0, 'GET', '/ctx/eve')).body.online, false);
    });
  }),
);
