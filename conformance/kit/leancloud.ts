// LeanCloud's realtime SDKs as their user has them, pointed at our server by their own options.
import { createRequire } from 'node:module';
import type { AppKeys } from './server.ts';
import type { Untyped } from './told.ts';

const require = createRequire(import.meta.url);

export const versions = { '4.3.1': 'leancloud-realtime', '5.0.0-rc.8': 'lc-realtime-5' } as const;
export type Version = keyof typeof versions;

/**
 * A copy of the SDK's module that shares nothing with earlier ones: version 5 takes an app once only. It also asks its user
 * for what his platform has.
 */
export function loadLeancloud(version: Version): Untyped {
  const folder = `/${versions[version]}/`;
  for (const file of Object.keys(require.cache)) if (file.includes(folder)) delete require.cache[file];
  const sdk = require(versions[version]);
  sdk.setAdapters?.({ WebSocket: require('ws'), request });
  return sdk;
}

/** The SDK with the vendor's plugin of typed messages, and the storage SDK that the plugin needs. */
export function loadTyped(version: Version): { sdk: Untyped; plugin: Untyped; storage: Untyped } {
  const sdk = loadLeancloud(version);
  const storage = require('leancloud-storage');
  if (!storage.applicationId) storage.init({ appId: 'files', appKey: 'files', serverURL: 'http://127.0.0.1:9' });
  return { sdk, storage, plugin: require('leancloud-realtime-plugin-typed-messages')(storage, sdk) };
}

async function request(
  url: string,
  options: { method?: string; headers?: Record<string, string>; data?: unknown } = {},
) {
  const { method = 'GET', headers = {}, data } = options;
  const body = method === 'GET' || data === undefined ? undefined : JSON.stringify(data);
  const answer = await fetch(url, { method, headers: { ...headers, 'content-type': 'application/json' }, body });
  return { status: answer.status, ok: answer.ok, data: await answer.json() };
}

const opened: Untyped[] = [];

/** Those whose clients were refused or sent away try for ever: they are to stop when the tests are done. */
export const pauseAll = (): void => {
  for (const one of opened) one.pause();
};

/** A Realtime object: 4.3.1 by a socket's address, 5 by the server's. */
export function realtime(
  version: Version,
  base: string,
  app: AppKeys,
  options: object = {},
  sdk = loadLeancloud(version),
): Untyped {
  const where =
    version === '4.3.1' ? { RTMServers: base.replace('http', 'ws'), server: new URL(base).host } : { server: base };
  const made = new sdk.Realtime({ appId: app.id, appKey: app.clientKey, ...where, ...options });
  opened.push(made);
  return made;
}
