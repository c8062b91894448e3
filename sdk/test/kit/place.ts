// Where the tests run: a server with an app, and how a client gets there. In Node it is started here; a page is told.
import type { Options } from '../../src/index.ts';

export type Place = {
  readonly url: string;
  readonly appId: string;
  readonly key: string;
  /** What `connect` needs besides the user. */
  readonly options: Pick<Options, 'server' | 'appId' | 'key' | 'WebSocket'>;
  close(): Promise<void>;
};

type Given = { url: string; appId: string; key: string };

/** A page finds its place in the global `hongyanTest`. */
export async function openPlace(): Promise<Place> {
  const given = (globalThis as { hongyanTest?: Given }).hongyanTest;
  if (given) return placeAt(given, async () => {});
  const { openWorld } = await import('../../../server/test/kit/world.ts');
  const world = await openWorld();
  return placeAt({ url: world.url, appId: world.app.id, key: world.app.clientKey }, () => world.close());
}

const placeAt = (given: Given, close: () => Promise<void>): Place => ({
  ...given,
  options: { server: given.url, appId: given.appId, key: given.key },
  close,
});
