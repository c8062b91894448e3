// Socket.IO 4 with its own server: the same words as the MaxLeap door, in the newest framing.
import { openWebSocket } from '../kit/web-socket.ts';
import { type Client, decimal, type Heard, type Place, type Wire } from './wire.ts';

export const socketIo: Wire = (place: Place, who: string, heard: Heard): Promise<Client> =>
  new Promise((resolve, reject) => {
    const body = 'x'.repeat(place.chars);
    const type = Number(place.words.type ?? '0');
    const path = '/socket.io/?EIO=4&transport=websocket';
    const opening = openWebSocket({ port: place.port, path }, false, (bytes, start, end) => {
      const kind = bytes.toString('latin1', start, Math.min(end, start + 2));
      if (kind === '43') {
        const number = decimal(bytes, start + 2);
        if (bytes.indexOf('"success":true', start, 'latin1') < 0) heard.refused(bytes.toString('utf8', start, end));
        heard.acknowledged(number);
      } else if (kind === '42') heard.delivered();
      else if (kind === '40') resolve(client);
      else if (kind === '44') reject(new Error(bytes.toString('utf8', start, end)));
      else if (kind === '2') socket?.send(Buffer.from('3'));
      else if (kind.startsWith('0')) void opening.then((open) => open.send(Buffer.from(`40{"client":"${who}"}`)));
    });
    let socket: Awaited<typeof opening> | undefined;
    opening.then((found) => {
      socket = found;
    }, reject);
    const client: Client = {
      say(to, number) {
        const said = `{"to":{"id":"${to}","type":${type}},"content":{"media":0,"body":"${body}"}}`;
        socket?.send(Buffer.from(`42${number}["say",${said}]`, 'latin1'));
      },
      // Under Engine.IO 4 the server asks and the client answers: an answer too many is no fault.
      beat: () => socket?.send(Buffer.from('3')),
      close: () => socket?.close(),
      get closed() {
        return socket?.closed ?? false;
      },
    };
  });
