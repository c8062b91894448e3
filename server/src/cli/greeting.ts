// What a started server says: where it is, which app it has, and a first request that can be copied into a shell.
import { relative } from 'node:path';
import type { Config } from '../config.ts';
import { type AppKeys, keysPath, readKeys } from '../keys.ts';
import type { RunningServer } from '../server.ts';
import type { Io } from './io.ts';

export async function greeting(
  server: Pick<RunningServer, 'url' | 'generated' | 'hasDemo'>,
  config: Config,
  io: Pick<Io, 'isTerminal'>,
): Promise<string[]> {
  const keys = await readKeys(config.dataDir);
  const aboutApps =
    keys && config.apps.length === 0
      ? aboutKeptApp(
          keys,
          shellPath(keysPath(config.dataDir)),
          server.url,
          server.generated !== undefined && io.isTerminal,
        )
      : aboutNamedApps(config.apps, server.url);
  return [
    `Hongyan is listening on ${server.url}`,
    ...(server.hasDemo ? [`Demo chat: ${server.url}/`] : []),
    `Data folder: ${config.dataDir}`,
    ...aboutApps,
    `API: ${server.url}/docs`,
  ];
}

/** Keys are shown once, when they are new, and only to a person: what is not a terminal may be a log. */
function aboutKeptApp(keys: AppKeys, file: string, url: string, showKeys: boolean): string[] {
  return [
    `App id: ${keys.id}`,
    ...(showKeys
      ? [
          `Client key: ${keys.clientKey}`,
          `Master key: ${keys.masterKey}`,
          `The keys are kept in ${file} and not shown again.`,
        ]
      : [`Its keys are in ${file}`]),
    'A first request to try:',
    `  . ${file}; curl -H "X-ML-AppId: $HONGYAN_APP_ID" -H "X-ML-APIKey: $HONGYAN_CLIENT_KEY" ${url}/ctx`,
  ];
}

function aboutNamedApps(apps: Config['apps'], url: string): string[] {
  const [first] = apps;
  if (!first) return ['`hongyan apps list` tells the apps.'];
  return [
    ...apps.map(({ id }) => `App id: ${id}`),
    'A first request to try, with your client key:',
    `  curl -H "X-ML-AppId: ${first.id}" -H "X-ML-APIKey: $CLIENT_KEY" ${url}/ctx`,
  ];
}

/** As it can be typed after a dot in a shell: with a folder in front, quoted where needed. */
function shellPath(path: string): string {
  const near = relative(process.cwd(), path);
  const short = near.startsWith('..') ? path : `./${near}`;
  return /^[\w./@+-]+$/.test(short) ? short : `'${short.replaceAll("'", "'\\''")}'`;
}
