// The real `maxleap-im` as its user has it: loaded afresh for each person (two in one process would share a socket),
// pointed at our server by its own hook, and its callbacks turned into promises.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import { eventually } from '../../server/test/kit/eventually.ts';
import { BrowserRequest } from './browser-request.ts';
import { type AppKeys, appA } from './server.ts';

const require = createRequire(import.meta.url);

// biome-ignore lint/suspicious/noExplicitAny: the SDK is plain JavaScript of 2016 and has no types
export type Untyped = any;

export type LoginResult = { success: boolean; id?: string; error?: number };

/** What ML.im() takes besides the app and its key. */
export type Identity = {
  userId?: string;
  passenger?: object;
  username?: string;
  phone?: string;
  password?: string;
  oauth?: object;
  clientId?: string;
};

export type SdkClient = {
  /** The object that ML.im() returned. */
  readonly im: Untyped;
  /** What the login callback was given, in order. */
  readonly logins: LoginResult[];
  /** Of the first login. */
  readonly id: string;
  /** One REST function of the SDK: `ask((done) => im.userInfo('ann', done))`. Rejects with a Refusal. */
  ask(run: (done: (err: unknown, data: Untyped) => void) => void): Promise<Untyped>;
  close(): void;
};

/** What the SDK handed to a callback as its `err`. */
export class Refusal extends Error {
  readonly err: unknown;
  constructor(err: unknown) {
    super(`the SDK reports ${String(err)}`);
    this.err = err;
  }
}

/** The global `ML` of a copy of the SDK that shares nothing with earlier copies. */
export function loadSdk(): Untyped {
  const packages = require.resolve('maxleap-im').split('maxleap-im')[0] as string;
  for (const file of Object.keys(require.cache)) if (file.startsWith(packages)) delete require.cache[file];
  const globals = globalThis as { ML?: Untyped };
  delete globals.ML;
  require('maxleap-im');
  return globals.ML;
}

/** The browser bundle in a context of its own, with what a browser of today offers: the SDK uploads files only there. */
export async function loadBrowserSdk(): Promise<Untyped> {
  const window: Untyped = {
    XMLHttpRequest: BrowserRequest,
    ...{ FormData, File, Blob, WebSocket, setTimeout, clearTimeout, setInterval, clearInterval, console },
    navigator: { userAgent: 'conformance' },
  };
  window.window = window;
  window.self = window;
  const bundle = require.resolve('maxleap-im/dist/ML.im.js');
  runInContext(await readFile(bundle, 'utf8'), createContext(window), { filename: bundle });
  return window.ML;
}

/** Calls ML.im() and does not wait for anything. */
export function connect(base: string, identity: Identity, ML: Untyped = loadSdk(), app: AppKeys = appA): SdkClient {
  ML.im._engine.getServer = (cache: Untyped) => {
    cache.server = { rest: base, socket: `${base}/chat` };
  };
  const logins: LoginResult[] = [];
  const im = ML.im({ appId: app.id, clientId: app.clientKey, ...identity }, (result: LoginResult) =>
    logins.push(result),
  );
  return {
    im,
    logins,
    get id() {
      return logins[0]?.id ?? '';
    },
    ask: (run) =>
      new Promise((resolve, reject) => run((err, data) => (err === null ? resolve(data) : reject(new Refusal(err))))),
    close() {
      const socket = im.cache.socketAgent.ws;
      socket.io.reconnection(false);
      socket.disconnect();
      socket.io.close?.();
    },
  };
}

/** Calls ML.im() and waits for its login callback to say yes. */
export async function signIn(base: string, who: string | Identity, ML?: Untyped): Promise<SdkClient> {
  const client = connect(base, typeof who === 'string' ? { userId: who } : who, ML);
  const login = await eventually('the login callback', () => client.logins[0]);
  if (!login.success) throw new Error(`login refused: ${JSON.stringify(login)}`);
  return client;
}

/** Subscribes by one of the SDK's functions; the list grows as events come in. */
export function listen(subscribe: (hear: (argument: Untyped) => void) => void): Untyped[] {
  const heard: Untyped[] = [];
  subscribe((argument) => heard.push(argument));
  return heard;
}

/** The first thing heard with this body. */
export const saying = (heard: readonly Untyped[], body: unknown): Promise<Untyped> =>
  eventually(`somebody says ${JSON.stringify(body)}`, () => heard.find((one) => one.content.body === body));
