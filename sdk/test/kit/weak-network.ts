// A TCP proxy before the server whose connections can be cut: what is on its way is lost, on both sides at once.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type WeakNetwork = {
  readonly url: string;
  /** Cuts every connection; answers how many there were. */
  cut(): number;
  /** While it is down nobody gets through. */
  down(isDown: boolean): void;
  close(): Promise<void>;
};

export async function openWeakNetwork(to: string): Promise<WeakNetwork> {
  const { port, hostname } = new URL(to);
  const pairs = new Set<readonly [Socket, Socket]>();
  let isDown = false;
  const cut = (): number => {
    const count = pairs.size;
    for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    pairs.clear();
    return count;
  };
  const server = createServer((near) => {
    near.on('error', () => {});
    if (isDown) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(port), hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    far.on('error', () => {});
    near.pipe(far);
    far.pipe(near);
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    down(next) {
      isDown = next;
      if (next) cut();
    },
    async close() {
      server.close();
      cut();
    },
  };
}
