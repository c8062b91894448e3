// Pairs who talk one way in a closed loop: the next message goes out when the callback of an earlier one has come.
import { once } from 'node:events';
import { WebSocket } from 'ws';

export type Talk = {
  /** Counted since the start: senders' callbacks, and messages that partners heard. */
  readonly counts: { acknowledged: number; delivered: number; refused: number };
  /** Milliseconds from sending to the callback, since the last reset. */
  readonly latenciesMs: number[];
  start(inFlight: number): void;
  /** Lets what is in flight come in. */
  pause(): Promise<void>;
  close(): void;
};

export type Who = (id: string) => object;

/** Everybody is `from-<n>` or `to-<n>`; `authOf` makes the handshake's auth object of an id. */
export async function openTalk(base: string, pairs: number, bodyChars: number, authOf: Who): Promise<Talk> {
  const counts = { acknowledged: 0, delivered: 0, refused: 0 };
  const latenciesMs: number[] = [];
  const sentAt: Map<number, number>[] = [];
  const sockets: WebSocket[] = [];
  const starters: (() => void)[] = [];
  const body = 'x'.repeat(bodyChars);
  let running = false;

  const speak = (socket: WebSocket, pair: number, id: number): void => {
    const say = JSON.stringify(['say', { to: { id: `to-${pair}`, type: 0 }, content: { media: 0, body } }]);
    sentAt[pair]?.set(id, performance.now());
    socket.send(`42/chat,${id}${say}`);
  };

  for (let pair = 0; pair < pairs; pair += 1) {
    sentAt.push(new Map());
    const listener = await enter(base, authOf(`to-${pair}`));
    listener.on('message', (data) => {
      if (data.toString().startsWith('42/chat,["message"')) counts.delivered += 1;
    });
    const speaker = await enter(base, authOf(`from-${pair}`));
    let next = 0;
    speaker.on('message', (data) => {
      const text = data.toString();
      if (!text.startsWith('43/chat,')) return;
      const id = Number.parseInt(text.slice(8), 10);
      latenciesMs.push(performance.now() - (sentAt[pair]?.get(id) ?? 0));
      sentAt[pair]?.delete(id);
      if (text.includes('"success":true')) counts.acknowledged += 1;
      else counts.refused += 1;
      if (running) speak(speaker, pair, next++);
    });
    starters.push(() => speak(speaker, pair, next++));
    sockets.push(listener, speaker);
  }

  return {
    counts,
    latenciesMs,
    start(inFlight) {
      running = true;
      for (const one of starters) for (let n = 0; n < inFlight; n += 1) one();
    },
    async pause() {
      running = false;
      const until = performance.now() + 5_000;
      while (sentAt.some((waiting) => waiting.size > 0) && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

/** An Engine.IO 3 client in /chat; `ws` masks every frame with a random key, as the protocol demands. */
async function enter(base: string, auth: object): Promise<WebSocket> {
  const query = `auth=${encodeURIComponent(JSON.stringify(auth))}&EIO=3&transport=websocket`;
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/socket.io/?${query}`, { perMessageDeflate: false });
  const login = new Promise<string>((resolve, reject) => {
    socket.on('message', (data) => {
      const text = data.toString();
      if (text.startsWith('0')) socket.send('40/chat');
      if (text.startsWith('42/chat,["login"')) resolve(text);
    });
    socket.on('close', () => reject(new Error('closed before login')));
  });
  await once(socket, 'open');
  const answer = await login;
  if (!answer.includes('"success":true')) throw new Error(answer);
  return socket;
}
