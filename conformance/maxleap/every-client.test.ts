// The whole server behind every generation of socket.io-client: two people of the same generation talk.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually, within } from '../../server/test/kit/eventually.ts';
import type { Untyped } from '../kit/sdk.ts';
import { appA, openServer, rest, signOf } from '../kit/server.ts';
import { type Client, connect, type Transports, versions } from '../socket-io/clients.ts';

const server = await openServer();
const roads: [string, Transports][] = [
  ['websocket', ['websocket']],
  ['polling, then websocket', ['polling', 'websocket']],
  ['polling', ['polling']],
];

type Person = { readonly client: Client; readonly heard: Untyped[]; readonly login: () => Untyped };

function enter(version: (typeof versions)[number], id: string, transports: Transports): Person {
  const auth = { app: appA.id, sign: signOf(appA.clientKey), client: id };
  const client = connect(version, server.base, auth, transports);
  const heard: Untyped[] = [];
  const logins: Untyped[] = [];
  client.on('login', (result) => logins.push(result));
  client.on('message', (message) => heard.push(message));
  return { client, heard, login: () => logins[0] };
}

describe('every generation of socket.io-client', () => {
  for (const version of versions) {
    for (const [road, transports] of roads) {
      test(`[ML-93] ${version.name} over ${road}`, async () => {
        const name = `${version.name}-${transports.join('-')}`.replaceAll('.', '_');
        const [a, b] = [`a-${name}`, `b-${name}`];
        await rest(server, 'POST', `/ctx/${a}/friends/${b}`);
        const [one, two] = [enter(version, a, transports), enter(version, b, transports)];
        try {
          for (const [id, person] of [
            [a, one],
            [b, two],
          ] as const) {
            assert.deepEqual(await eventually('login', person.login), { success: true, id });
          }
          const content = { media: 0, body: `鸿雁 by ${version.name}` };
          const answered = new Promise<Untyped>((resolve) => {
            one.client.emit('say', JSON.stringify({ to: { id: b, type: 0 }, content }), resolve);
          });
          const { success, ts } = await within('the callback', answered);
          assert.equal(success, true);
          const message = await eventually('the message', () => two.heard[0]);
          assert.deepEqual(message, { from: { id: a, type: 0 }, to: { id: b, type: 0 }, content, ts });
          const { body } = await rest(server, 'GET', `/ctx/${b}/friends/${a}/chats`);
          assert.deepEqual(body, [{ speaker: a, content, ts }]);
          const upgraded = transports.at(-1) as string;
          await eventually(`the road is ${upgraded}`, () => one.client.io.engine.transport.name === upgraded);
        } finally {
          one.client.disconnect();
          two.client.disconnect();
        }
      });
    }
  }
});
