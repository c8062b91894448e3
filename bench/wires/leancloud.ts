// The socket of the LeanCloud door: protobuf frames. What was heard is acknowledged once a second with its first and last
// times, as LeanCloud's SDKs do.
import { openWebSocket } from '../kit/web-socket.ts';
import type { Client, Heard, Place, Wire } from './wire.ts';

/** Numbers of GenericCommand's commands and fields. */
const commands = { session: 0, direct: 2, ack: 3, echo: 16 } as const;
const fields = { cmd: 1, op: 2, appId: 3, peerId: 4, i: 5, session: 102, direct: 104, ack: 105 } as const;
const opened = 5;
const acknowledgeMs = 1_000;

export const leancloud: Wire = (place: Place, who: string, heard: Heard): Promise<Client> =>
  new Promise((resolve, reject) => {
    const { port, chars, words } = place;
    const data = JSON.stringify({ _lctype: -1, _lctext: 'x'.repeat(chars) });
    const opening = openWebSocket({ port, path: '/', protocol: 'lc.protobuf2.3' }, true, (bytes, start, end) => {
      const frame = bytes.subarray(start, end);
      const told = new Map<number, number | Buffer>(fieldsOf(frame));
      const cmd = told.get(fields.cmd);
      if (cmd === commands.direct) {
        heard.delivered();
        const direct = new Map(fieldsOf(told.get(fields.direct) as Buffer));
        const [ts, cid] = [direct.get(4) as number, (direct.get(11) as Buffer).toString()];
        const span = unacknowledged.get(cid);
        unacknowledged.set(cid, [span?.[0] ?? ts, ts]);
        acknowledging ??= setTimeout(acknowledge, acknowledgeMs);
      } else if (cmd === commands.ack) {
        if (new Map(fieldsOf(told.get(fields.ack) as Buffer)).has(1)) heard.refused(frame.toString('latin1'));
        heard.acknowledged(told.get(fields.i) as number);
      } else if (cmd === commands.session) {
        if (told.get(fields.op) === opened) resolve(client);
        else reject(new Error(frame.toString('latin1')));
      }
    });
    let socket: Awaited<typeof opening> | undefined;
    const unacknowledged = new Map<string, [from: number, to: number]>();
    let acknowledging: NodeJS.Timeout | undefined;
    const acknowledge = (): void => {
      acknowledging = undefined;
      for (const [cid, [from, to]] of unacknowledged)
        socket?.send(message([fields.cmd, commands.ack], [fields.ack, message([4, cid], [7, from], [8, to])]));
      unacknowledged.clear();
    };
    opening.then((found) => {
      socket = found;
      const session = message([4, 'js/4.3.1'], [5, 0], [19, 59]);
      socket.send(
        message(
          [fields.cmd, commands.session],
          [fields.op, 1],
          [fields.appId, words.app ?? ''],
          [fields.peerId, who],
          [fields.i, 1],
          [fields.session, session],
        ),
      );
    }, reject);
    const client: Client = {
      say: (cid, number) =>
        socket?.send(
          message([fields.cmd, commands.direct], [fields.i, number], [fields.direct, message([1, data], [11, cid])]),
        ),
      beat: () => socket?.send(message([fields.cmd, commands.echo])),
      close() {
        clearTimeout(acknowledging);
        socket?.close();
      },
      get closed() {
        return socket?.closed ?? false;
      },
    };
  });

/** A protobuf message of numbers, texts and messages. */
function message(...parts: readonly (readonly [field: number, value: number | string | Buffer])[]): Buffer {
  const bytes: number[] = [];
  const pieces: Buffer[] = [];
  for (const [field, value] of parts) {
    varint(bytes, field * 8 + (typeof value === 'number' ? 0 : 2));
    if (typeof value === 'number') varint(bytes, value);
    else {
      const text = typeof value === 'string' ? Buffer.from(value) : value;
      varint(bytes, text.length);
      pieces.push(Buffer.from(bytes), text);
      bytes.length = 0;
    }
  }
  return Buffer.concat([...pieces, Buffer.from(bytes)]);
}

function varint(bytes: number[], value: number): void {
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  bytes.push(left);
}

/** Top-level fields of a message, numbers as such and everything else as its bytes. */
function* fieldsOf(bytes: Buffer): Generator<[number, number | Buffer]> {
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = read();
    const value = read();
    if ((tag & 7) === 0) yield [tag >>> 3, value];
    else {
      yield [tag >>> 3, bytes.subarray(at, at + value)];
      at += value;
    }
  }
}
