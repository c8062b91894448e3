// A TCP relay that counts: the only honest way to see whether an SDK that was sent away knocks again.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type CountingProxy = {
  /** Takes the place of the server's own base URL. */
  readonly base: string;
  /** Connections so far that asked for the socket. */
  socketConnections(): number;
  close(): void;
};

export async function openCountingProxy(port: number): Promise<CountingProxy> {
  let count = 0;
  const sockets = new Set<Socket>();
  const relay = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.once('data', (chunk) => {
      if (chunk.toString('latin1').startsWith('GET /socket.io/')) count += 1;
    });
    client.pipe(server);
    server.pipe(client);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    base: `http://127.0.0.1:${address.port}`,
    socketConnections: () => count,
    close() {
      relay.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
