// A way to another server that can be cut: at once, or just when its next answer comes, so that what was asked was done
// and nobody hears of it.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type Way = {
  readonly port: number;
  /** The connection that asks next `that` is ended as soon as the server answers it, before the answer gets through. */
  cutAnswerTo(that: RegExp): void;
  /** How often that has happened. */
  readonly cuts: number;
  close(): Promise<void>;
};

export async function openWay(host: string, port: number): Promise<Way> {
  const sockets = new Set<Socket>();
  let wanted: RegExp | undefined;
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(port, host);
    let doomed = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    near.on('data', (bytes: Buffer) => {
      if (wanted?.test(bytes.toString('latin1'))) {
        wanted = undefined;
        doomed = true;
      }
      far.write(bytes);
    });
    far.on('data', (bytes: Buffer) => {
      if (doomed) {
        cuts++;
        near.destroy();
        far.destroy();
      } else near.write(bytes);
    });
    near.on('end', () => far.end()).on('close', () => far.destroy());
    far.on('end', () => near.end()).on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cutAnswerTo(that) {
      wanted = that;
    },
    get cuts() {
      return cuts;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
