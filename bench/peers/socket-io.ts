// The same talk on socket.io 4 with its own rooms, framing and acknowledgements.
//
//   socket-io.ts <talk|keep|none> <folder>
//
// talk: the application logic is Hongyan's own, on the same store: who may talk with whom, one speaker's order, retries,
// what a refusal says, announced once it is stored. keep: every text is kept in the same store and passed on, nothing is
// checked. none: it is passed on.
import { createServer } from 'node:http';
import { openLocalBus } from '../../server/src/bus/local.ts';
import { openAppRegistry } from '../../server/src/core/apps/registry.ts';
import { joinFriends } from '../../server/src/core/friends/join.ts';
import { openFacts } from '../../server/src/core/messages/facts.ts';
import { stageMessage } from '../../server/src/core/messages/send.ts';
import { type SpeakPolicy, sessionPolicy } from '../../server/src/core/messages/speak.ts';
import { userTopic } from '../../server/src/core/ports/bus.ts';
import { systemClock } from '../../server/src/core/ports/clock.ts';
import { openWords } from '../../server/src/core/words/cache.ts';
import { openLocalPresence } from '../../server/src/realtime/presence-local.ts';
import { openSqlite } from '../../server/src/store/sqlite/open.ts';
import { loadFold } from '../../server/src/words/fold.ts';

type Socket = {
  id: string;
  handshake: { auth: { client: string } };
  join(room: string): void;
  to(room: string): { emit(name: string, value: unknown): void };
  on(name: 'say', heard: (said: Said, answer: (value: unknown) => void) => void): void;
};
type Said = { to: { id: string; type: number }; content: { media: number; body: string } };
type Rooms = { except(socket: string): Rooms; emit(name: string, value: unknown): void };
type Server = {
  on(name: 'connection', heard: (socket: Socket) => void): void;
  to(room: string | readonly string[]): Rooms;
};
/** What somebody says: when it was said, once it is kept. Throws why not. */
type Say = (said: Said) => Promise<number>;

// Its package is the bench's own, and is there once the bench was installed.
const library: string = 'socket.io';
const { Server } = (await import(library)) as { Server: new (http: unknown, options: object) => Server };

const [mode, folder = ''] = process.argv.slice(2);
const clock = systemClock;
const quiet = { error: console.error, warn: console.warn, info() {}, debug() {}, child: () => quiet };
const store = await openSqlite({ path: `${folder}/peer.db`, clock, log: quiet });
const app = await store.apps.put({ id: 'peer', clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) });
const http = createServer();
const io = new Server(http, { serveClient: false, perMessageDeflate: false, transports: ['websocket'] });
const enter = mode === 'talk' ? talking() : mode === 'keep' ? keeping() : passing();

io.on('connection', (socket) => {
  const who = socket.handshake.auth.client;
  socket.join(userTopic(app.no, who));
  socket.join('room');
  const say = enter(socket, who);
  socket.on('say', (said, answer) => {
    say(said).then(
      (ts) => answer({ success: true, ts }),
      (error: Error) => answer({ success: false, errorMessage: error.message }),
    );
  });
});

/** Hongyan's application logic, told on by socket.io. `/befriend/a/b` makes friends. */
function talking(): (socket: Socket, who: string) => Say {
  const bus = openLocalBus();
  const core = {
    store,
    bus,
    clock,
    facts: openFacts(store, clock),
    apps: openAppRegistry(store, clock),
    words: openWords(store, clock, loadFold),
    presence: openLocalPresence(),
  };
  http.on('request', async (request, response) => {
    const [, task, a = '', b = ''] = (request.url ?? '').split('/');
    if (task !== 'befriend') return;
    await joinFriends(core, app, a, [b], 'create');
    response.end();
  });
  bus.onEvent((event, topics) => {
    if (event.type !== 'message' || event.place.kind !== 'direct' || event.message.content.type !== 'text') return;
    const { message, place, origin } = event;
    const content = { media: 0, body: event.message.content.text };
    const heard = { from: { id: message.sender, type: 0 }, to: { id: place.to, type: 0 }, content, ts: message.ts };
    io.to(topics)
      .except(origin?.session ?? '')
      .emit('message', heard);
  });
  const policy: SpeakPolicy = { ...sessionPolicy, friendship: 'required' };
  const stage = async (socket: Socket, who: string, { to, content }: Said) => {
    if (typeof to?.id !== 'string' || typeof content?.body !== 'string') throw new Error('no text');
    const found = await core.apps.byId(app.id);
    if (!found) throw new Error('the app is gone');
    const draft = { content: { type: 'text' as const, text: content.body } };
    const target = { kind: 'direct' as const, to: to.id };
    return stageMessage(core, found, { who, as: 'user' }, target, draft, policy, { session: socket.id });
  };
  return (socket, who) => {
    let turn: Promise<unknown> = Promise.resolve();
    return (said) => {
      const staged = turn.then(() => stage(socket, who, said));
      turn = staged.catch(() => {});
      return staged.then(async ({ done }) => (await done).message.ts);
    };
  };
}

/** Everything is kept; nothing is asked. */
function keeping(): (socket: Socket, who: string) => Say {
  const conversations = new Map<string, Promise<number>>();
  return (socket, who) => async (said) => {
    const { to, content } = said;
    const [a, b] = [who, to.id].sort() as [string, string];
    let conversation = conversations.get(`${a} ${b}`);
    if (conversation === undefined) {
      conversation = store.conversations.claimPair(app.no, a, b, clock.now()).then(({ no }) => no);
      conversations.set(`${a} ${b}`, conversation);
    }
    const text = { type: 'text' as const, text: content.body };
    const append = { app: app.no, conversation: await conversation, sender: who, as: 'user' as const, content: text };
    const { ts } = await store.messages.append({ ...append, flags: 0 });
    pass(socket, who, said, ts);
    return ts;
  };
}

function passing(): (socket: Socket, who: string) => Say {
  return (socket, who) => async (said) => {
    const ts = clock.now();
    pass(socket, who, said, ts);
    return ts;
  };
}

function pass(socket: Socket, who: string, { to, content }: Said, ts: number): void {
  const message = { from: { id: who, type: to.type }, to, content, ts };
  if (to.type === 1 || to.type === 2) socket.to('room').emit('message', message);
  else io.to(userTopic(app.no, to.id)).emit('message', message);
}

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
// Gone with the process that measures.
process.stdin.on('end', () => process.exit(0)).resume();
