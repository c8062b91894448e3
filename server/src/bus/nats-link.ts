// The connection to NATS: opened again for as long as the node lives, and never allowed to hold anybody up. What cannot
// be sent now is dropped and counted; the store is the truth.
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { Log } from '../core/ports/log.ts';

export type NatsServers = {
  /** `host:port` or `nats://host:port`. */
  readonly servers: readonly string[];
  readonly user?: string | undefined;
  readonly pass?: string | undefined;
  readonly token?: string | undefined;
  readonly tls: boolean;
};

export type LinkMetrics = { busDropped(why: 'away' | 'slow' | 'too-large', count: number): void };

export type Link = {
  /** False: dropped. */
  send(subject: string, data: Uint8Array): boolean;
  subscribe(subject: string, heard: (data: Uint8Array) => void): Subscription | undefined;
  /** Resolves when the server has everything that was asked of it, when it is away, or after a bounded time. */
  settled(): Promise<void>;
  state(): 'opening' | 'connected' | 'away';
  close(): Promise<void>;
};

type Hooks = {
  /** A new connection: nothing is subscribed on it yet. */
  opened(): void;
  /** Connected, for the first time or `again`, and every subscription in force. */
  ready(again: boolean): void;
  /** The server takes what is sent again. */
  taking(): void;
};

/** Bytes that the server has not confirmed. */
const pendingBytesMax = 8 * 1024 * 1024;
/** The server is asked whether it has everything once this much was sent since the last time. */
const confirmEveryBytes = 256 * 1024;
const settleMsMax = 2_000;
const closeMsMax = 2_000;
const againMs = 500;
/** A connection that says nothing for three of these is given up. */
const pingEveryMs = 5_000;

export function openLink(to: NatsServers, hooks: Hooks, log: Log, metrics: LinkMetrics): Link {
  const end = new AbortController();
  let connection: NatsConnection | undefined;
  let state: 'opening' | 'connected' | 'away' = 'opening';
  let sent = 0;
  let confirmed = 0;
  let confirming = false;
  let told: 'away' | 'slow' | undefined;
  let settling: Promise<void> | undefined;

  function drop(why: 'away' | 'slow'): false {
    metrics.busDropped(why, 1);
    if (told !== why) log.warn({ why, pendingBytes: sent - confirmed }, 'announcements to other nodes are dropped');
    told = why;
    return false;
  }

  function confirm(): void {
    if (confirming || !connection) return;
    confirming = true;
    const upTo = sent;
    const done = (): void => {
      confirming = false;
      confirmed = Math.max(confirmed, upTo);
      if (told === 'slow' && state === 'connected') {
        told = undefined;
        hooks.taking();
      }
      if (sent - confirmed >= confirmEveryBytes) confirm();
    };
    connection.flush().then(done, done);
  }

  async function connected(): Promise<void> {
    const again = state !== 'opening';
    state = 'connected';
    confirmed = sent;
    told = undefined;
    await link.settled();
    if (state === 'connected' && !end.signal.aborted) hooks.ready(again);
  }

  function lost(): void {
    if (state === 'connected' && !end.signal.aborted) log.warn({}, 'the bus is away: other nodes are not heard');
    if (state === 'connected') state = 'away';
    confirmed = sent;
  }

  /** Until the connection is closed for good: by us, or by something that the client does not come back from. */
  async function live(nats: NatsConnection): Promise<void> {
    connection = nats;
    hooks.opened();
    log.info({ server: nats.getServer() }, 'the bus is connected');
    void connected();
    for await (const status of nats.status()) {
      if (status.type === 'disconnect') lost();
      if (status.type === 'error') log.warn({ err: status.error }, 'the bus complains');
      if (status.type !== 'reconnect') continue;
      log.info({ server: status.server }, 'the bus is back');
      void connected();
    }
    await nats.closed();
    lost();
    connection = undefined;
  }

  async function run(): Promise<void> {
    let failed = false;
    while (!end.signal.aborted) {
      try {
        const nats = await connect(optionsFor(to));
        failed = false;
        if (end.signal.aborted) await nats.close();
        else await live(nats);
      } catch (err) {
        if (!failed) log.warn({ err, servers: to.servers }, 'the bus cannot be reached: trying on');
        failed = true;
      }
      await pause(againMs, undefined, { signal: end.signal, ref: false }).catch(() => {});
    }
  }

  const link: Link = {
    send(subject, data) {
      if (!connection || state !== 'connected') return drop('away');
      if (sent - confirmed + data.length > pendingBytesMax) return drop('slow');
      const bytesMax = connection.info?.max_payload;
      if (bytesMax !== undefined && data.length > bytesMax) {
        metrics.busDropped('too-large', 1);
        log.warn({ bytes: data.length, bytesMax }, 'NATS takes no announcement of this size');
        return false;
      }
      try {
        connection.publish(subject, data);
      } catch (err) {
        log.warn({ err }, 'an announcement could not be sent');
        return drop('away');
      }
      sent += data.length + subject.length;
      if (sent - confirmed >= confirmEveryBytes) confirm();
      return true;
    },
    subscribe(subject, heard) {
      if (!connection || connection.isClosed() || connection.isDraining()) return undefined;
      return connection.subscribe(subject, {
        callback(error, message) {
          if (!error) heard(message.data);
        },
      });
    },
    settled() {
      if (!connection || state !== 'connected') return Promise.resolve();
      // Everything that is asked for within one turn of the event loop is confirmed at once.
      settling ??= new Promise<void>((resolve) => {
        setImmediate(() => {
          settling = undefined;
          if (!connection || state !== 'connected') return resolve();
          const timer = setTimeout(resolve, settleMsMax).unref();
          const done = (): void => {
            clearTimeout(timer);
            resolve();
          };
          connection.flush().then(done, done);
        });
      });
      return settling;
    },
    state: () => state,
    async close() {
      end.abort();
      const nats = connection;
      if (nats && state === 'connected') {
        const late = pause(closeMsMax, undefined, { ref: false });
        await Promise.race([nats.flush().catch(() => {}), late]);
      }
      await nats?.close();
      await running;
    },
  };
  const running = run();
  return link;
}

export const optionsFor = ({ servers, user, pass, token, tls }: NatsServers) => ({
  servers: [...servers],
  user,
  pass,
  token,
  ...(tls ? { tls: {} } : {}),
  name: 'hongyan',
  noEcho: true,
  timeout: 5_000,
  maxReconnectAttempts: -1,
  reconnectTimeWait: againMs,
  pingInterval: pingEveryMs,
  maxPingOut: 2,
  ignoreAuthErrorAbort: true,
});
