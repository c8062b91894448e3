// XMPP over bare TCP. Its messages are not acknowledged: a talker goes on when his partner has heard the one before.
import { connect } from 'node:net';
import type { Client, Heard, Place, Wire } from './wire.ts';

const domain = 'localhost';
const stream = `<?xml version='1.0'?><stream:stream to='${domain}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;
const bind =
  "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>";
const end = '</message>';

export const xmpp: Wire = ({ port, chars }: Place, who: string, heard: Heard): Promise<Client> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const body = 'x'.repeat(chars);
    let phase: 'auth' | 'again' | 'bind' | 'in' = 'auth';
    let closed = false;
    let tail = '';
    socket.setNoDelay(true).setEncoding('latin1');
    const client: Client = {
      say: (to, number) =>
        socket.write(`<message to='${to}@${domain}' type='chat' id='${number}'><body>${body}</body></message>`),
      beat: () => socket.write(' '),
      close: () => socket.destroy(),
      get closed() {
        return closed;
      },
    };
    const step = (): void => {
      if (phase === 'auth' && tail.includes('</stream:features>')) {
        const proof = Buffer.from(`\0${who}\0p4ssword`).toString('base64');
        socket.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${proof}</auth>`);
        phase = 'again';
        tail = '';
      } else if (phase === 'again' && /<success/.test(tail)) {
        socket.write(stream);
        phase = 'bind';
        tail = '';
      } else if (phase === 'bind' && tail.includes('</stream:features>')) {
        socket.write(bind);
        phase = 'in';
        tail = '';
      } else if (/<failure|<stream:error/.test(tail)) {
        reject(new Error(tail));
        socket.destroy();
      }
    };
    let entered = false;
    socket.on('connect', () => socket.write(stream));
    socket.on('data', (chunk) => {
      const text = tail + chunk;
      if (!entered) {
        tail = text;
        step();
        if (phase === 'in' && /<jid>/.test(tail)) {
          entered = true;
          socket.write('<presence/>');
          tail = '';
          resolve(client);
        }
        return;
      }
      let at = 0;
      for (let found = text.indexOf(end); found >= 0; found = text.indexOf(end, at)) {
        heard.delivered();
        at = found + end.length;
      }
      tail = text.slice(Math.max(at, text.length - end.length + 1));
    });
    socket.on('error', reject);
    socket.on('close', () => {
      closed = true;
      reject(new Error('the connection was closed'));
    });
  });
