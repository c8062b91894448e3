// Environment → one frozen Config; the only reader of the environment. With nothing set it serves on this machine only.
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { readDatabase } from './config-database.ts';
import { type NatsConfig, readNats } from './config-nats.ts';
import { readS3, type S3Config } from './config-s3.ts';
import { Secret } from './secret.ts';

export type AppKeys = { readonly id: string; readonly clientKey: Secret; readonly masterKey: Secret };

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type Config = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absolute path. */
  readonly dataDir: string;
  /** Apps to make sure of at start. Empty: one is generated when the store has none. */
  readonly apps: readonly AppKeys[];
  /** Without a slash at its end. Absent: what the request says. */
  readonly publicUrl: string | undefined;
  readonly tls: { readonly certPath: string; readonly keyPath: string } | undefined;
  /** Addresses and networks (`10.0.0.0/8`) whose X-Forwarded-* headers are believed. */
  readonly trustProxy: readonly string[];
  /** Absent: generated into the data folder. */
  readonly adminToken: Secret | undefined;
  readonly demo: boolean;
  /** Absent: uploads are files in the data folder. */
  readonly s3: S3Config | undefined;
  /** Absent: SQLite in the data folder. */
  readonly databaseUrl: Secret | undefined;
  /** Absent: a single node. */
  readonly nats: NatsConfig | undefined;
  /** `console`: codes to phones of apps without a webhook are written to the log. */
  readonly sms: 'off' | 'console';
  readonly logLevel: LogLevel;
};

export type Env = { readonly [name: string]: string | undefined };

export const environment = (): Env => process.env;

/** Every problem of an environment, each beginning with the name of its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Secrets shorter than this are guessed by machines; they are tolerated only where nobody else can connect. */
const secretCharsMin = 16;
const known = [
  'HOST',
  'PORT',
  'DATA',
  'APPS',
  'PUBLIC_URL',
  'TLS_CERT',
  'TLS_KEY',
  'TRUST_PROXY',
  'ADMIN_TOKEN',
  'DEMO',
  'SMS',
  'LOG_LEVEL',
  'S3_ENDPOINT',
  'S3_REGION',
  'S3_BUCKET',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
  'S3_PREFIX',
  'S3_PATH_STYLE',
  'S3_READS',
  'DATABASE_URL',
  'NATS_URL',
  'NATS_PREFIX',
].map((name) => `HONGYAN_${name}`);

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

/** Throws a ConfigError with all problems at once. An empty variable counts as absent. */
export function readConfig(env: Env): Config {
  const problems: string[] = [];
  const problem = (name: string, sentence: string): void => {
    problems.push(`HONGYAN_${name} ${sentence}`);
  };
  const value = (name: string): string | undefined => env[`HONGYAN_${name}`]?.trim() || undefined;

  const host = value('HOST') ?? '127.0.0.1';
  const local = isLoopback(host);
  if (/[\s/]/.test(host)) problem('HOST', 'is an address or a name to listen on, such as 127.0.0.1 or 0.0.0.0');
  const config: Config = {
    host,
    port: readPort(value('PORT'), problem),
    dataDir: resolve(value('DATA') ?? './data'),
    apps: readApps(value('APPS'), local, problem),
    publicUrl: readPublicUrl(value('PUBLIC_URL'), problem),
    tls: readTls(value('TLS_CERT'), value('TLS_KEY'), problem),
    trustProxy: readTrustProxy(value('TRUST_PROXY'), problem),
    adminToken: readAdminToken(value('ADMIN_TOKEN'), local, problem),
    demo: readSwitch('DEMO', value('DEMO'), local && value('NATS_URL') === undefined, problem),
    s3: readS3(
      {
        endpoint: value('S3_ENDPOINT'),
        region: value('S3_REGION'),
        bucket: value('S3_BUCKET'),
        accessKey: value('S3_ACCESS_KEY'),
        secretKey: value('S3_SECRET_KEY'),
        prefix: value('S3_PREFIX'),
        pathStyle: value('S3_PATH_STYLE'),
        reads: value('S3_READS'),
      },
      problem,
    ),
    databaseUrl: readDatabase(value('DATABASE_URL'), problem),
    nats: readNats(value('NATS_URL'), value('NATS_PREFIX'), problem),
    sms: readSms(value('SMS'), problem),
    logLevel: readLogLevel(value('LOG_LEVEL'), problem),
  };
  if (config.nats && value('DATABASE_URL') === undefined)
    problem('NATS_URL', 'connects nodes that share a store: HONGYAN_DATABASE_URL is missing');
  else if (config.nats) refuseOwnKeys(config, problem);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

type Problem = (name: string, sentence: string) => void;

/** What one server makes for itself and keeps in its data folder, every node would have another one of. */
function refuseOwnKeys({ adminToken, demo }: Config, problem: Problem): void {
  if (!adminToken) problem('ADMIN_TOKEN', 'is missing: nodes of one bus share it. Make one with: openssl rand -hex 24');
  if (demo) problem('DEMO', 'is off where HONGYAN_NATS_URL is set: the demo keeps its app in the data folder');
}

/** Variables that look meant for this server but are none of its own, most likely misspelt. Told by `hongyan config`. */
export function strangeNames(env: Env): string[] {
  return Object.keys(env).filter((name) => {
    const mine = known.includes(name) || name.startsWith('HONGYAN_TEST_');
    return name.startsWith('HONGYAN_') && !mine;
  });
}

function readSms(text: string | undefined, problem: Problem): Config['sms'] {
  if (text === undefined || text === 'off' || text === 'console') return text ?? 'off';
  problem('SMS', 'is off or console');
  return 'off';
}

function readPort(text: string | undefined, problem: Problem): number {
  if (text === undefined) return 8787;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  problem('PORT', 'is a whole number from 0 to 65535 (0: any free port)');
  return 0;
}

function readApps(text: string | undefined, local: boolean, problem: Problem): AppKeys[] {
  const apps: AppKeys[] = [];
  for (const [index, entry] of (text?.split(',') ?? []).entries()) {
    if (entry.trim() === '') continue;
    const nth = `entry ${index + 1}`;
    const [id = '', clientKey = '', masterKey = '', ...rest] = entry.trim().split(':');
    if (rest.length > 0 || !/^[\w-]{1,128}$/.test(id) || !isKey(clientKey) || !isKey(masterKey)) {
      problem(
        'APPS',
        `${nth}: write id:clientKey:masterKey, the id of letters, digits, _ and -, the keys of at most 256 visible characters`,
      );
      continue;
    }
    if (clientKey === masterKey)
      problem(
        'APPS',
        `${nth} (${id}): the client key and the master key must differ, because every client holds the first`,
      );
    if (apps.some((app) => app.id === id)) problem('APPS', `${nth}: the id ${id} is there twice`);
    if (!local && Math.min(clientKey.length, masterKey.length) < secretCharsMin) {
      problem(
        'APPS',
        `${nth} (${id}): a key is shorter than ${secretCharsMin} characters, too weak for a server others can reach. Make one with: openssl rand -hex 12`,
      );
    }
    apps.push(Object.freeze({ id, clientKey: new Secret(clientKey), masterKey: new Secret(masterKey) }));
  }
  return apps;
}

/** Keys travel in headers. */
const isKey = (text: string): boolean => /^[\x21-\x7e]{1,256}$/.test(text);

function readPublicUrl(text: string | undefined, problem: Problem): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const plain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password;
  if (plain) return url.href.replace(/\/+$/, '');
  problem('PUBLIC_URL', 'is the address that clients see, such as https://chat.example.com');
  return undefined;
}

function readTls(cert: string | undefined, key: string | undefined, problem: Problem): Config['tls'] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) problem('TLS_CERT', 'is missing: HONGYAN_TLS_KEY is set, and HTTPS needs both files');
  else if (key === undefined) problem('TLS_KEY', 'is missing: HONGYAN_TLS_CERT is set, and HTTPS needs both files');
  else return Object.freeze({ certPath: resolve(cert), keyPath: resolve(key) });
  return undefined;
}

function readTrustProxy(text: string | undefined, problem: Problem): string[] {
  const networks = (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const network of networks) {
    const [address = '', bits, ...rest] = network.split('/');
    const version = isIP(address);
    const fits =
      bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128));
    if (version === 0 || !fits || rest.length > 0)
      problem('TRUST_PROXY', `holds addresses or networks such as 10.0.0.7, 10.0.0.0/8; not ${network}`);
  }
  return networks;
}

function readAdminToken(text: string | undefined, local: boolean, problem: Problem): Secret | undefined {
  if (text === undefined) return undefined;
  if (!isKey(text)) problem('ADMIN_TOKEN', 'is at most 256 visible characters without spaces');
  if (!local && text.length < secretCharsMin) {
    problem(
      'ADMIN_TOKEN',
      `is shorter than ${secretCharsMin} characters, too weak for a server others can reach. Make one with: openssl rand -hex 24`,
    );
  }
  return new Secret(text);
}

function readSwitch(name: string, text: string | undefined, initial: boolean, problem: Problem): boolean {
  if (text === undefined) return initial;
  if (text !== 'on' && text !== 'off') problem(name, 'is on or off');
  return text === 'on';
}

function readLogLevel(text: string | undefined, problem: Problem): LogLevel {
  const level = logLevels.find((word) => word === (text ?? 'info'));
  if (level === undefined) problem('LOG_LEVEL', `is one of ${logLevels.join(', ')}`);
  return level ?? 'info';
}
