// The connection by itself, on a transport of the test's own: framing, silence, pauses, refusals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLine } from '../src/line.ts';
import type { State, Transport } from '../src/types.ts';
import { until } from './kit/wait.ts';

type Attempt = { url: string; sent: string[]; say(text: string): void; drop(): void; isClosed: boolean };

/** `pingMs`: what the server announces. */
function openStage(retryMs: [number, number], pingMs = 25_000) {
  const attempts: Attempt[] = [];
  const states: State[] = [];
  const events: unknown[] = [];
  const transport = {
    open(url: string, onText: (text: string) => void, onClose: () => void) {
      const attempt: Attempt = { url, sent: [], say: onText, drop: onClose, isClosed: false };
      attempts.push(attempt);
      return {
        send: (text: string) => void attempt.sent.push(text),
        close() {
          attempt.isClosed = true;
        },
      };
    },
    onWake: () => () => {},
  } as unknown as Transport;
  const wire = openLine(
    async () => 'ws://there',
    transport,
    retryMs,
    (...event) => events.push(event),
    (state) => states.push(state),
  );
  const attempt = (n: number) => until(`attempt ${n}`, () => attempts[n - 1], 5_000);
  const logIn = async (n: number, login: object = { success: true, id: 'ann' }): Promise<Attempt> => {
    const line = await attempt(n);
    line.say(`0{"sid":"x","pingInterval":${pingMs},"pingTimeout":60000}`);
    line.say('40/chat,{"sid":"y"}');
    line.say(`42/chat,${JSON.stringify(['login', login])}`);
    return line;
  };
  return { wire, attempts, states, events, attempt, logIn };
}

/** What is promised already, is done; no timer is. */
const turns = async (): Promise<void> => {
  for (let n = 0; n < 9; n++) await Promise.resolve();
};

test('it joins /chat, answers pings, and tells events', async () => {
  const { wire, states, events, logIn } = openStage([1, 1]);
  const line = await logIn(1);
  line.say('2');
  line.say('42/chat,["sys",{"content":{"media":0,"body":"[\\"hi\\"]"}}]');
  assert.deepEqual(line.sent, ['40/chat,', '3']);
  assert.deepEqual(states, ['connecting', 'online']);
  assert.deepEqual(events[1], ['sys', { content: { media: 0, body: '["hi"]' } }]);
  wire.close();
  assert.deepEqual(states.slice(2), ['closed']);
  assert.equal(line.isClosed, true);
});

test('what is asked and not answered is asked again on the next connection, in the same order', async () => {
  const { wire, logIn } = openStage([1, 1]);
  const [a, b, c] = ['a', 'b', 'c'].map((text) => wire.ask('say', { text }));
  const first = await logIn(1);
  assert.deepEqual(
    first.sent.slice(1).map((text) => JSON.parse(text.slice(text.indexOf('[')))[1].text),
    ['a', 'b', 'c'],
  );
  first.say('43/chat,1[{"success":true,"ts":5}]');
  assert.deepEqual(await a?.answer, { success: true, ts: 5 });
  first.drop();
  const second = await logIn(2);
  assert.deepEqual(
    second.sent.slice(1).map((text) => JSON.parse(text.slice(text.indexOf('[')))[1].text),
    ['b', 'c'],
  );
  second.say('43/chat,4[{"success":false,"error":5003,"errorMessage":"no"}]');
  await assert.rejects(b?.answer as Promise<unknown>, { code: 5003, message: 'no' });
  wire.close();
  await assert.rejects(c?.answer as Promise<unknown>, { message: 'closed' });
});

test('never more than a hundred calls are on their way at once', async () => {
  const { wire, logIn } = openStage([1, 1]);
  for (let n = 0; n < 250; n++) wire.ask('say', { n });
  const line = await logIn(1);
  assert.equal(line.sent.length, 101);
  line.say('43/chat,1[{"success":true}]');
  assert.equal(line.sent.length, 102);
  wire.close();
});

test('pauses are random, grow to their bound, and begin anew after a login', async (t) => {
  const { wire, attempts, attempt, logIn } = openStage([300, 20_000]);
  await attempt(1);
  const bounds: number[] = [];
  t.mock.method(Math, 'random', () => 0.25);
  t.mock.method(globalThis, 'setTimeout', (go: () => void, ms: number) => {
    if (ms !== 10_000) {
      bounds.push(ms * 4);
      queueMicrotask(go);
    }
    return 0;
  });
  for (let n = 0; n < 9; n++) {
    attempts[n]?.drop();
    await turns();
  }
  t.mock.restoreAll();
  assert.deepEqual(bounds, [300, 600, 1200, 2400, 4800, 9600, 19_200, 20_000, 20_000]);
  const line = await logIn(10);
  const pauses: number[] = [];
  t.mock.method(globalThis, 'setTimeout', (_: unknown, ms: number) => pauses.push(ms));
  line.drop();
  t.mock.restoreAll();
  assert.ok((pauses.at(-1) as number) <= 300);
  wire.close();
});

test('silence is a lost connection: without pings soon after one was due, without an answer after ten seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const { wire, states, attempts } = openStage([1, 1], 25_000);
  await turns();
  const logIn = (line: Attempt | undefined): void => {
    line?.say('0{"pingInterval":25000}');
    line?.say('42/chat,["login",{"success":true}]');
  };
  logIn(attempts[0]);
  t.mock.timers.tick(25_000);
  attempts[0]?.say('2');
  t.mock.timers.tick(34_999);
  assert.equal(wire.state(), 'online');
  t.mock.timers.tick(1);
  assert.equal(attempts[0]?.isClosed, true);
  assert.deepEqual(states, ['connecting', 'online', 'offline']);
  t.mock.timers.tick(1);
  await turns();
  logIn(attempts[1]);
  wire.ask('say', {});
  t.mock.timers.tick(10_000);
  assert.equal(attempts[1]?.isClosed, true);
  t.mock.timers.tick(1);
  await turns();
  t.mock.timers.tick(10_000);
  assert.equal(attempts[2]?.isClosed, true, 'a connection that never comes about is given up too');
  wire.close();
});

test('a refusal is final; a server that fails is tried again', async () => {
  const { wire, states, attempts, logIn } = openStage([1, 1]);
  await logIn(1, { success: false, error: 5002 });
  assert.equal(states.at(-1), 'offline');
  await logIn(2, { success: false, error: 5003, errorMessage: 'unauthorised' });
  assert.equal(wire.state(), 'refused');
  assert.equal(wire.error()?.code, 5003);
  await assert.rejects(wire.ask('say', {}).answer, { code: 5003 });
  assert.equal(attempts.length, 2);
});

test('sent away by the server: it stays away', async () => {
  const { wire, logIn } = openStage([1, 1]);
  const line = await logIn(1);
  line.say('41/chat');
  assert.equal(wire.state(), 'refused');
});
