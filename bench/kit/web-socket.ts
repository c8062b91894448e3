// A WebSocket client that costs the machine little: a bare TCP connection, frames built by hand, and every one of them
// masked with four random bytes, as the protocol demands of clients. (A mask of zeros is unmasked for nothing by some
// servers and not by others: figures made with one are not true.)
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const masks = randomBytes(64 * 1024);
let nextMask = 0;

export type FrameHeard = (bytes: Buffer, start: number, end: number) => void;
export type WebSocketClient = { send(payload: Buffer): void; close(): void; readonly closed: boolean };

export type Address = { readonly port: number; readonly path: string; readonly protocol?: string };

/** Resolves when the server has agreed. `heard` gets the payload of each frame as a part of a larger buffer. */
export function openWebSocket(
  { port, path, protocol }: Address,
  binary: boolean,
  heard: FrameHeard,
): Promise<WebSocketClient> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let rest: Buffer | undefined;
    let agreed = false;
    let closed = false;
    const client: WebSocketClient = {
      send: (payload) => sendMasked(socket, binary ? 0x82 : 0x81, payload),
      close: () => socket.destroy(),
      get closed() {
        return closed;
      },
    };
    socket.on('connect', () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
          `${protocol === undefined ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`}\r\n`,
      ),
    );
    socket.on('data', (chunk: Buffer) => {
      let bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      rest = undefined;
      if (!agreed) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) {
          rest = bytes;
          return;
        }
        const status = bytes.toString('latin1', 0, bytes.indexOf('\r\n'));
        if (!status.includes(' 101 ')) {
          socket.destroy();
          return reject(new Error(`no WebSocket: ${status}`));
        }
        agreed = true;
        resolve(client);
        bytes = bytes.subarray(end + 4);
      }
      const taken = eachFrame(bytes, heard);
      if (taken < bytes.length) rest = bytes.subarray(taken);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      closed = true;
      reject(new Error('the connection was closed'));
    });
  });
}

/** Answers how many bytes were whole frames. */
function eachFrame(bytes: Buffer, heard: FrameHeard): number {
  let at = 0;
  while (at + 2 <= bytes.length) {
    let length = (bytes[at + 1] as number) & 0x7f;
    let start = at + 2;
    if (length === 126) {
      if (start + 2 > bytes.length) break;
      length = bytes.readUInt16BE(start);
      start += 2;
    } else if (length === 127) {
      if (start + 8 > bytes.length) break;
      length = bytes.readUInt32BE(start + 4);
      start += 8;
    }
    if (start + length > bytes.length) break;
    const opcode = (bytes[at] as number) & 0x0f;
    if (opcode === 1 || opcode === 2) heard(bytes, start, start + length);
    at = start + length;
  }
  return at;
}

function sendMasked(socket: Socket, head: number, payload: Buffer): void {
  const { length } = payload;
  const headBytes = length < 126 ? 6 : 8;
  if (length > 65_535) throw new RangeError('a frame of the bench is short');
  const frame = Buffer.allocUnsafe(headBytes + length);
  frame[0] = head;
  if (length < 126) frame[1] = 0x80 | length;
  else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  nextMask = (nextMask + 4) % masks.length;
  const [a, b, c, d] = masks.subarray(nextMask, nextMask + 4) as unknown as [number, number, number, number];
  frame[headBytes - 4] = a;
  frame[headBytes - 3] = b;
  frame[headBytes - 2] = c;
  frame[headBytes - 1] = d;
  let n = 0;
  for (; n + 4 <= length; n += 4) {
    frame[headBytes + n] = (payload[n] as number) ^ a;
    frame[headBytes + n + 1] = (payload[n + 1] as number) ^ b;
    frame[headBytes + n + 2] = (payload[n + 2] as number) ^ c;
    frame[headBytes + n + 3] = (payload[n + 3] as number) ^ d;
  }
  for (; n < length; n += 1) frame[headBytes + n] = (payload[n] as number) ^ (masks[nextMask + (n & 3)] as number);
  socket.write(frame);
}
