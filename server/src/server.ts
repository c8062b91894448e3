// Composition root: opens the adapters, builds the core, mounts the doors, listens. Everything is closed in the reverse
// order of its opening.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPasswords } from './accounts/passwords.ts';
import { openBlobs } from './blobs/open.ts';
import { openThumbnails } from './blobs/thumbnails.ts';
import { observePublished } from './bus/observed.ts';
import { openBus } from './bus/open.ts';
import type { Config } from './config.ts';
import { addApp } from './core/apps/add.ts';
import type { App } from './core/apps/app.ts';
import { openAppRegistry } from './core/apps/registry.ts';
import { watchApps } from './core/apps/watch.ts';
import type { Core } from './core/core.ts';
import { forgetTogether } from './core/forgetting.ts';
import { hexId } from './core/ids.ts';
import { startJobs } from './core/jobs.ts';
import { openFacts } from './core/messages/facts.ts';
import { type Clock, systemClock } from './core/ports/clock.ts';
import type { Log } from './core/ports/log.ts';
import { tellMoved } from './core/presence/tell-moved.ts';
import { PushWorker } from './core/push/worker.ts';
import { openWords } from './core/words/cache.ts';
import { ensureDemoApp } from './demo-app.ts';
import { Callbacks, clusterTimes } from './dialects/jmessage/callback.ts';
import { EventCallbacks } from './dialects/jmessage/event-callback.ts';
import { jmessageRest } from './dialects/jmessage/index.ts';
import { leancloudHooks } from './dialects/leancloud/hooks.ts';
import { leancloudRest } from './dialects/leancloud/index.ts';
import { leancloudRouter } from './dialects/leancloud/rest/route.ts';
import { ServiceHook } from './dialects/leancloud/service-hook.ts';
import { openRealtime } from './dialects/leancloud/socket/door.ts';
import { maxleapRest } from './dialects/maxleap/index.ts';
import { maxleapPush } from './dialects/maxleap/push.ts';
import { openChat } from './dialects/maxleap/socket/chat.ts';
import { openGateway } from './dialects/maxleap/socket/gateway.ts';
import { admin } from './http/admin.ts';
import { readDemoPage } from './http/demo.ts';
import { openHttp } from './http/server.ts';
import { openIdentity } from './identity/open.ts';
import { keepAdminToken, keepKeys } from './keys.ts';
import { openLog } from './log.ts';
import { openMetrics } from './metrics.ts';
import { openProviders } from './push/open.ts';
import { converge } from './realtime/converge.ts';
import { startFanout } from './realtime/fanout.ts';
import { Hub } from './realtime/hub.ts';
import { openLocalPresence } from './realtime/presence-local.ts';
import { openConsoleSms } from './sms/console.ts';
import { openWebhookSms } from './sms/webhook.ts';
import { openStore } from './store/open.ts';
import { loadFold } from './words/fold.ts';

export type RunningServer = {
  /** Where somebody on this machine reaches it. */
  readonly url: string;
  readonly core: Core;
  /** The app that was generated because there was none: its keys have not been shown to anybody yet. */
  readonly generated: App | undefined;
  /** Whether the demo chat is at `/`. */
  readonly hasDemo: boolean;
  /** Sends the sessions elsewhere, finishes what was acknowledged, closes. Calling it again is harmless. */
  stop(): Promise<void>;
};

export type ServerOptions = {
  clock?: Clock;
  log?: Log;
  /** ':memory:' for tests; default: hongyan.db in the data folder. Of no account where the configuration names a database. */
  databasePath?: string;
};

export async function startServer(config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  await using opened = new AsyncDisposableStack();
  const clock = options.clock ?? systemClock;
  const log = options.log ?? openLog({ level: config.logLevel });
  const metrics = openMetrics();

  // A node with everything elsewhere may live on a disk that it cannot write to.
  if (!config.nats || !config.s3) await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const { store, close } = await openStore({
    as: 'server',
    url: config.databaseUrl?.reveal(),
    dataDir: config.dataDir,
    path: options.databasePath ?? join(config.dataDir, 'hongyan.db'),
    clock,
    log,
    metrics,
  });
  opened.defer(close);
  const hold =
    config.databaseUrl &&
    (await (
      await import('./store/postgres/hold.ts')
    ).holdDatabase({
      url: config.databaseUrl.reveal(),
      alone: !config.nats,
      log,
    }));
  opened.defer(() => hold?.release());
  const opening = await openBus(config.nats, { store, log, metrics });
  opened.defer(() => opening.close());
  const { bus, onPublished } = observePublished(opening);
  if (config.nats && !config.s3)
    log.info({ dir: join(config.dataDir, 'uploads') }, 'uploads are files: every node must see this folder');
  const blobs = await openBlobs({ dir: join(config.dataDir, 'uploads'), s3: config.s3, log, serving: true });
  opened.defer(() => blobs.close());
  const passwords = openPasswords();
  opened.defer(() => passwords.close());
  const node =
    config.databaseUrl && config.nats
      ? await (await import('./presence/postgres.ts')).openPostgresPresence({ url: config.databaseUrl.reveal(), log })
      : undefined;
  const presence = node ?? openLocalPresence();
  opened.defer(() => presence.close());
  const core: Core = {
    store,
    bus,
    presence,
    blobs,
    thumbnails: openThumbnails(),
    passwords,
    sms: openWebhookSms({ clock, log, otherwise: config.sms === 'console' ? openConsoleSms(log) : undefined }),
    identity: openIdentity(clock),
    hooks: leancloudHooks({ log, clock }),
    clock,
    log,
    ...forgetTogether(bus, () => ({
      words: openWords(store, clock, loadFold),
      apps: openAppRegistry(store, clock),
      facts: openFacts(store, clock),
    })),
  };
  const generated = await ensureApps(core, config);
  const demo = config.demo ? await openDemo(core, config) : undefined;

  presence.onMoved((moved) => tellMoved(core, moved));
  const hub = new Hub(bus, clock);
  const converging = bus.state() === 'alone' ? undefined : converge({ core, hub, metrics });
  opened.defer(() => converging?.stop());
  startFanout(converging ?? bus, hub, { delivered: (door, count) => metrics.messagesOut(door, count) });
  const jobs = startJobs(core, undefined, node?.duties);
  opened.defer(() => jobs.stop());
  const providers = openProviders(clock);
  opened.defer(() => providers.close());
  // Alone on the store: whoever had these in hand is gone. Of several nodes each has its own in hand.
  if (!config.nats) await store.outbox.recover();
  const pushes = new PushWorker({ core, providers, doors: [maxleapPush], metrics });
  opened.defer(() => pushes.stop());
  const callbacks = node ? new Callbacks(core, clusterTimes, node.duties) : new Callbacks(core);
  opened.defer(() => callbacks.stop());
  const events = new EventCallbacks(core);
  onPublished((event, topics) => events.heard(event, topics));
  opened.defer(() => events.stop());
  const serviceHook = new ServiceHook(core, node?.duties);
  opened.defer(() => serviceHook.stop());
  const watching = await watchApps(core);
  opened.defer(() => watching.stop());

  const http = await openHttp({
    host: config.host,
    port: config.port,
    tls: config.tls,
    trustProxy: config.trustProxy,
    publicUrl: config.publicUrl,
    log,
    metrics,
    checks: [
      { name: 'store', ok: async () => (await store.healthy()) && (hold?.held() ?? true) },
      { name: 'bus', ok: () => bus.state() !== 'opening' },
      { name: 'lease', ok: () => node?.alive() ?? true },
    ],
    demo,
    documents: [
      { title: 'MaxLeap', url: '/docs/maxleap/openapi.json' },
      { title: 'LeanCloud', url: '/docs/leancloud/openapi.json' },
      { title: 'JMessage', url: '/docs/jmessage/openapi.json' },
      { title: 'Operator', url: '/docs/admin/openapi.json' },
    ],
  });
  opened.defer(() => http.close());
  const gateway = openGateway(openChat({ core, hub, metrics }), { log, remoteAddress: http.remoteAddress });
  opened.defer(() => gateway.close());
  metrics.watchConnections('maxleap', () => gateway.counts().connections);
  http.mount(gateway);
  const realtime = openRealtime({ core, hub, metrics }, { remoteAddress: http.remoteAddress });
  opened.defer(() => realtime.close());
  metrics.watchConnections('leancloud', () => realtime.counts().connections);
  http.mount(realtime);
  await http.fastify.register(leancloudRouter, { core, publicUrl: http.publicUrl });
  await http.fastify.register(maxleapRest, { core, publicUrl: http.publicUrl, metrics });
  await http.fastify.register(leancloudRest, { core, publicUrl: http.publicUrl, metrics });
  await http.fastify.register(jmessageRest, { core, publicUrl: http.publicUrl, metrics });
  await http.fastify.register(admin, {
    core,
    token: config.adminToken ?? (await keepAdminToken(config.dataDir)),
    status: () => ({
      sessions: hub.sessionCount,
      connections: gateway.counts().connections + realtime.counts().connections,
    }),
  });
  const { url } = await http.listen();

  const running = opened.move();
  let stopping: Promise<void> | undefined;
  return {
    url,
    core,
    generated,
    hasDemo: demo !== undefined,
    stop: () => {
      http.leave();
      presence.retire();
      stopping ??= running.disposeAsync();
      return stopping;
    },
  };
}

/** The apps that the operator named, with the keys he gave; else one of our own making when there is none yet. */
async function ensureApps(core: Core, config: Config): Promise<App | undefined> {
  for (const { id, clientKey, masterKey } of config.apps) {
    await core.store.apps.put({ id, clientKey: clientKey.reveal(), masterKey: masterKey.reveal(), idKey: hexId(32) });
  }
  if ((await core.store.apps.list()).length > 0) return undefined;
  if (config.nats) {
    // Each node would make its own, with keys that only its own folder knows.
    core.log.warn({}, 'there is no app yet: name one in HONGYAN_APPS, or add it with `hongyan apps add`');
    return undefined;
  }
  return addApp(core, await keepKeys(config.dataDir));
}

/** Where the built page lies: in the published package, else in the repository. */
const demoDirs = ['./web/', '../../web/dist/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** Undefined where the page was not built. */
async function openDemo(core: Core, config: Config) {
  for (const dir of demoDirs) {
    const page = await readDemoPage(dir);
    if (page) return { page, app: await ensureDemoApp(core, config.dataDir) };
  }
  return undefined;
}
