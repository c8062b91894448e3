// HTTP/1.1 requests over kept connections, as cheap for the machine as can be: prepared bytes out, lengths in.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type HttpRequest = { method: string; path: string; headers: Readonly<Record<string, string>>; body?: unknown };
export type Asked = { count: number; seconds: number; times: number[]; failed: string };

export function bytesOf({ method, path, headers, body }: HttpRequest): Buffer {
  const json = body === undefined ? '' : JSON.stringify(body);
  const lines = Object.entries({
    host: '127.0.0.1',
    ...headers,
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${json}`);
}

/** `connections` at once, each asks when it was answered, until `ms` have passed or `countMax` were asked. */
export async function ask(
  port: number,
  next: (n: number) => HttpRequest,
  {
    connections,
    ms = 60_000,
    countMax = Number.POSITIVE_INFINITY,
  }: { connections: number; ms?: number; countMax?: number },
): Promise<Asked> {
  const times: number[] = [];
  let failed = '';
  let asked = 0;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    while (performance.now() - started < ms && asked < countMax) {
      const request = bytesOf(next(asked++));
      const from = performance.now();
      const answered = answer(socket);
      socket.write(request);
      const text = await answered;
      times.push(performance.now() - from);
      if (!text.startsWith('HTTP/1.1 2')) failed ||= text.slice(0, 300);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return { count: times.length, seconds: (performance.now() - started) / 1_000, times, failed };
}

/** One whole answer; it has a length. */
function answer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let missing = Number.POSITIVE_INFINITY;
    let got = 0;
    const stop = (): void => void socket.off('data', hear).off('close', closed);
    const closed = (): void => {
      stop();
      reject(new Error('the connection was closed'));
    };
    const hear = (chunk: Buffer): void => {
      parts.push(chunk);
      got += chunk.length;
      if (missing === Number.POSITIVE_INFINITY) {
        const text = Buffer.concat(parts).toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        missing = end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
      }
      if (got < missing) return;
      stop();
      resolve(Buffer.concat(parts).toString('utf8'));
    };
    socket.on('data', hear).once('close', closed);
  });
}
