// The floor: the least that could pass for a chat server on the MaxLeap door's wire. `ws` as it comes, one process, frames
// of the same sizes; nothing is checked and nobody is known.
//
//   floor.ts <none|bare|ours> <send|frames> [folder]
//
// none: keeps nothing. bare: bare-store.ts. ours: the same store that Hongyan uses, and nothing else of it.
// send: `ws.send` to each. frames: one frame is built, and written to each socket.
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../../server/src/core/ports/clock.ts';
import { textFrame } from '../../server/src/realtime/ws-frame.ts';
import { openSqlite } from '../../server/src/store/sqlite/open.ts';
import { openBareStore } from './bare-store.ts';

type Keep = (pair: string, sender: string, body: string) => Promise<number>;
type Member = { ws: WebSocket; socket: Duplex };

const [keeping, writing, folder = ''] = process.argv.slice(2);
const keep = keeping === 'ours' ? await keepOurs() : keeping === 'bare' ? keepBare() : undefined;
const members = new Map<string, Member>();
const room = new Set<Member>();
const opening = '0{"sid":"floor","upgrades":[],"pingInterval":25000,"pingTimeout":60000}';
/** Of a room or group: the floor has one, with everybody in it. */
const toAll = /^"[^"]*","type":[12]\}/;

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (ws, request) => {
  const auth = new URL(request.url ?? '/', 'http://x').searchParams.get('auth') ?? '{}';
  const id = String((JSON.parse(auth) as { client?: unknown }).client);
  const member = { ws, socket: request.socket };
  members.set(id, member);
  room.add(member);
  ws.on('error', () => {});
  ws.on('close', () => room.delete(member));
  ws.send(opening);
  ws.send('40');
  ws.on('message', (data) => {
    const text = data.toString();
    if (text === '2') return ws.send('3');
    if (text.startsWith('40/chat')) {
      ws.send('40/chat');
      return ws.send(`42/chat,["login",{"success":true,"id":"${id}"}]`);
    }
    const start = text.indexOf('[');
    const nameAt = text.indexOf('"id":"', start) + 6;
    const to = text.slice(nameAt, text.indexOf('"', nameAt));
    const number = text.slice('42/chat,'.length, start);
    const tell = (ts: number): void => {
      const heard = `42/chat,["message",{"from":{"id":"${id}","type":0},"ts":${ts},${text.slice(start + 8, -1)}]`;
      if (toAll.test(`"${text.slice(nameAt, nameAt + 80)}`)) fanOut(heard, member);
      else members.get(to)?.ws.send(heard);
      ws.send(`43/chat,${number}[{"success":true,"ts":${ts}}]`);
    };
    if (keep === undefined) tell(Date.now());
    else
      void keep(id < to ? `${id} ${to}` : `${to} ${id}`, id, text.slice(text.indexOf('"body":"') + 8, -4)).then(tell);
  });
});

function fanOut(text: string, from: Member): void {
  if (writing === 'frames') {
    const frame = textFrame(text);
    for (const member of room) if (member !== from) member.socket.write(frame);
  } else for (const member of room) if (member !== from) member.ws.send(text);
}

function keepBare(): Keep {
  const store = openBareStore(`${folder}/bare.db`);
  const numbers = new Map<string, number>();
  return (pair, sender, text) => {
    const conversation = numbers.get(pair) ?? numbers.size + 1;
    numbers.set(pair, conversation);
    return store.append([conversation, sender, JSON.stringify({ type: 'text', text })]);
  };
}

async function keepOurs(): Promise<Keep> {
  const quiet = { error: console.error, warn: console.warn, info() {}, debug() {}, child: () => quiet };
  const store = await openSqlite({ path: `${folder}/ours.db`, clock: systemClock, log: quiet });
  const { no: app } = await store.apps.put({ id: 'floor', clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) });
  const numbers = new Map<string, Promise<number>>();
  return async (pair, sender, text) => {
    let conversation = numbers.get(pair);
    if (conversation === undefined) {
      const [a, b] = pair.split(' ') as [string, string];
      conversation = store.conversations.claimPair(app, a, b, Date.now()).then(({ no }) => no);
      numbers.set(pair, conversation);
    }
    const content = { type: 'text' as const, text };
    const { ts } = await store.messages.append({
      app,
      conversation: await conversation,
      sender,
      as: 'user',
      content,
      flags: 0,
    });
    return ts;
  };
}

server.on('listening', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
// Gone with the process that measures.
process.stdin.on('end', () => process.exit(0)).resume();
