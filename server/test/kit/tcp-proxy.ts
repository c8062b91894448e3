// A way between two sockets that a test can cut, stall and close.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type TcpProxy = {
  /** Where it listens: `127.0.0.1:<port>`. */
  readonly host: string;
  /** Connections through it. */
  readonly open: number;
  /** Ends every connection; new ones are let through. */
  cut(): void;
  /** Ends every connection and refuses new ones until `pass`. */
  refuse(): void;
  /** Nothing passes either way any more; the connections stay. */
  stall(): void;
  pass(): void;
  close(): Promise<void>;
};

export async function openTcpProxy(to: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: 'pass' | 'stall' | 'refuse' = 'pass';
  const server = createServer((near) => {
    if (mode === 'refuse') return near.destroy();
    const far = connect(to.port, to.host);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('data', (data) => other.write(data));
      one.on('error', () => {});
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
      if (mode === 'stall') one.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy();
  };
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return pairs.size;
    },
    cut,
    refuse() {
      mode = 'refuse';
      cut();
    },
    stall() {
      mode = 'stall';
      for (const sockets of pairs) for (const socket of sockets) socket.pause();
    },
    pass() {
      mode = 'pass';
      for (const sockets of pairs) for (const socket of sockets) socket.resume();
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
