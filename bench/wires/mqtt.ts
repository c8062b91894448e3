// MQTT 3.1.1, QoS 1 both ways: everybody listens to a topic of his own.
import { connect } from 'node:net';
import type { Client, Heard, Place, Wire } from './wire.ts';

const kinds = { connack: 2, publish: 3, puback: 4, suback: 9 } as const;
const numbersMax = 65_535;

export const mqtt: Wire = ({ port, chars }: Place, who: string, heard: Heard): Promise<Client> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const body = Buffer.from('x'.repeat(chars));
    const numbers = new Map<number, number>();
    let rest: Buffer = Buffer.alloc(0);
    let closed = false;
    socket.setNoDelay(true);
    const client: Client = {
      say(to, number) {
        const id = (number % numbersMax) + 1;
        numbers.set(id, number);
        socket.write(packet(0x32, text(`u/${to}`), sixteen(id), body));
      },
      beat: () => socket.write(Buffer.from([0xc0, 0])),
      close: () => socket.destroy(),
      get closed() {
        return closed;
      },
    };
    const hear = (head: number, bytes: Buffer): void => {
      const kind = head >> 4;
      if (kind === kinds.connack) socket.write(packet(0x82, sixteen(1), text(`u/${who}`), Buffer.from([1])));
      else if (kind === kinds.suback) resolve(client);
      else if (kind === kinds.puback) heard.acknowledged(numbers.get(bytes.readUInt16BE(0)) ?? -1);
      else if (kind === kinds.publish) {
        heard.delivered();
        const at = 2 + bytes.readUInt16BE(0);
        socket.write(packet(0x40, bytes.subarray(at, at + 2)));
      }
    };
    socket.on('connect', () => socket.write(packet(0x10, text('MQTT'), Buffer.from([4, 2]), sixteen(600), text(who))));
    socket.on('data', (chunk: Buffer) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let whole = wholePacket(rest); whole !== undefined; whole = wholePacket(rest)) {
        hear(rest[0] as number, rest.subarray(whole.start, whole.end));
        rest = rest.subarray(whole.end);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => {
      closed = true;
      reject(new Error('the connection was closed'));
    });
  });

function wholePacket(bytes: Buffer): { start: number; end: number } | undefined {
  let length = 0;
  for (let at = 1, scale = 1; at < bytes.length && at < 5; at += 1, scale *= 128) {
    const byte = bytes[at] as number;
    length += (byte & 127) * scale;
    if (byte < 128) return bytes.length >= at + 1 + length ? { start: at + 1, end: at + 1 + length } : undefined;
  }
  return undefined;
}

function packet(head: number, ...parts: Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const size = length < 128 ? [length] : [(length % 128) + 128, Math.floor(length / 128)];
  return Buffer.concat([Buffer.from([head, ...size]), ...parts]);
}

const sixteen = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const text = (value: string): Buffer => Buffer.concat([sixteen(Buffer.byteLength(value)), Buffer.from(value)]);
