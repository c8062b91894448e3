// The socket of the MaxLeap door: Socket.IO 1.x over Engine.IO 3.
import { createHash } from 'node:crypto';
import { openWebSocket } from '../kit/web-socket.ts';
import { type Client, decimal, type Heard, type Place, type Wire } from './wire.ts';

/** Packet types of Engine.IO and, behind them, of Socket.IO, as characters. */
const [handshake, message, event, callback, m] = [...'0423m'].map((one) => one.charCodeAt(0)) as number[];
const namespaceBytes = '43/chat,'.length;

export const signOf = (key: string, now = Date.now()): string =>
  `${createHash('md5').update(`${now}${key}`).digest('hex')},${now}`;

export const maxleap: Wire = (place: Place, who: string, heard: Heard): Promise<Client> =>
  new Promise((resolve, reject) => {
    const { port, chars, words } = place;
    const auth = { app: words.app, sign: signOf(words.key ?? ''), client: who };
    const path = `/socket.io/?auth=${encodeURIComponent(JSON.stringify(auth))}&EIO=3&transport=websocket`;
    const type = Number(words.type ?? '0');
    const body = 'x'.repeat(chars);
    const opened = openWebSocket({ port, path }, false, (bytes, start, end) => {
      const [engine, packet] = [bytes[start], bytes[start + 1]];
      if (engine === message && packet === callback) {
        const number = decimal(bytes, start + namespaceBytes);
        // A success says so first: …[{"success":true,"ts":…}]
        if (bytes.indexOf('"success":true', start + namespaceBytes, 'latin1') < 0)
          heard.refused(bytes.toString('utf8', start, end));
        heard.acknowledged(number);
      } else if (engine === message && packet === event) {
        // "message" alone begins so: 42/chat,["m…
        if (bytes[start + namespaceBytes + 2] === m) return heard.delivered();
        const text = bytes.toString('utf8', start, end);
        if (!text.startsWith('42/chat,["login"')) return;
        if (text.includes('"success":true')) resolve(client);
        else reject(new Error(text));
      } else if (engine === handshake) void opened.then((socket) => socket.send(Buffer.from('40/chat')));
    });
    let socket: Awaited<typeof opened> | undefined;
    opened.then((found) => {
      socket = found;
    }, reject);
    const client: Client = {
      say(to, number) {
        const said = `{"to":{"id":"${to}","type":${type}},"content":{"media":0,"body":"${body}"}}`;
        socket?.send(Buffer.from(`42/chat,${number}["say",${said}]`, 'latin1'));
      },
      beat: () => socket?.send(Buffer.from('2')),
      close: () => socket?.close(),
      get closed() {
        return socket?.closed ?? false;
      },
    };
  });
