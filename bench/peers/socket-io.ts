// The same talk on socket.io 4: logged in by name, friends alone may talk, everything kept in the same store as Hongyan's
// before it is answered and delivered; rooms keep nothing.
//
//   socket-io.ts <keep|none> <folder>
import { createServer } from 'node:http';
import { systemClock } from '../../server/src/core/ports/clock.ts';
import { openSqlite } from '../../server/src/store/sqlite/open.ts';

type Socket = {
  handshake: { auth: { client: string } };
  join(room: string): void;
  to(room: string): { emit(name: string, value: unknown): void };
  on(name: 'say', heard: (said: Said, answer: (value: unknown) => void) => void): void;
};
type Said = { to: { id: string; type: number }; content: { media: number; body: string } };
type Server = {
  on(name: 'connection', heard: (socket: Socket) => void): void;
  to(room: string): { emit(name: string, value: unknown): void };
};
// Its package is the bench's own, and is there once the bench was installed.
const library: string = 'socket.io';
const { Server } = (await import(library)) as { Server: new (http: unknown, options: object) => Server };

const [keeping, folder = ''] = process.argv.slice(2);
const quiet = { error: console.error, warn: console.warn, info() {}, debug() {}, child: () => quiet };
const store = await openSqlite({ path: `${folder}/peer.db`, clock: systemClock, log: quiet });
const { no: app } = await store.apps.put({ id: 'peer', clientKey: 'c', masterKey: 'm', idKey: '0'.repeat(32) });
const conversations = new Map<string, Promise<number>>();
const http = createServer();
const io = new Server(http, { serveClient: false, perMessageDeflate: false, transports: ['websocket'] });

io.on('connection', (socket) => {
  const who = socket.handshake.auth.client;
  socket.join(`user ${who}`);
  socket.join('room');
  socket.on('say', (said, answer) => {
    const { to, content } = said;
    if (typeof to?.id !== 'string' || typeof content?.body !== 'string') return answer({ success: false });
    const tell = (ts: number): void => {
      const message = { from: { id: who, type: to.type }, to, content, ts };
      if (to.type === 1 || to.type === 2) socket.to('room').emit('message', message);
      else io.to(`user ${to.id}`).emit('message', message);
      answer({ success: true, ts });
    };
    if (keeping === 'none') tell(Date.now());
    else void keep(who, to.id, content.body).then(tell);
  });
});

async function keep(who: string, to: string, text: string): Promise<number> {
  const [a, b] = [who, to].sort() as [string, string];
  let conversation = conversations.get(`${a} ${b}`);
  if (conversation === undefined) {
    conversation = store.conversations.claimPair(app, a, b, Date.now()).then(({ no }) => no);
    conversations.set(`${a} ${b}`, conversation);
  }
  const content = { type: 'text' as const, text };
  return (
    await store.messages.append({ app, conversation: await conversation, sender: who, as: 'user', content, flags: 0 })
  ).ts;
}

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
// Gone with the process that measures.
process.stdin.on('end', () => process.exit(0)).resume();
