// A wire between a client and the server that can be cut, and that can stand still: what the server says is then not read.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Wire = { readonly base: string; cut(): void; stall(): void; flow(): void; close(): void };

export async function openWire(port: number): Promise<Wire> {
  const ends = new Set<Socket>();
  const serverEnds = new Set<Socket>();
  const proxy: Server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    serverEnds.add(upstream);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      ends.add(from);
      from.pipe(to);
      from.on('error', () => {});
      from.on('close', () => {
        ends.delete(from);
        serverEnds.delete(from);
        to.destroy();
      });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address() as { port: number };
  const cut = () => {
    for (const socket of ends) socket.resetAndDestroy();
  };
  return {
    base: `http://127.0.0.1:${address.port}`,
    cut,
    stall() {
      for (const socket of serverEnds) socket.pause();
    },
    flow() {
      for (const socket of serverEnds) socket.resume();
    },
    close() {
      cut();
      proxy.close();
    },
  };
}
