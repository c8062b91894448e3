// What services said: asked for each subscriber, because the history of the whole app need not have it. What is there
// already is taken once.
import { type ImportJob, inParallel, type Pull, SourceError } from '../../../core/imports/source.ts';
import { threadDigest } from '../rest/records.ts';
import type { Take } from './take.ts';
import { type Cursor, historyPage, overlapMs, throughOf } from './walk-messages.ts';

const servicesMax = 10_000;
const what = (service: string): string => `service/${service}`;

export async function walkServices(job: ImportJob, pull: Pull, take: Take, rescan: boolean): Promise<void> {
  const { store } = job.core;
  const { conversations: services } = await store.conversations.scan(
    job.app.no,
    { kinds: ['service'] },
    { order: 'created', newestFirst: false, limit: servicesMax },
  );
  if (services.length === 0) return;
  job.progress.stage('services');
  for (const [n, { id, no }] of services.entries()) {
    const before = await store.imports.state(job.app.no, job.source, what(id));
    const from = !rescan && typeof before?.through === 'number' ? Math.max(0, before.through - overlapMs) : 0;
    const through = await throughOf(job);
    const clients = await store.conversations.roster(job.app.no, no);
    await inParallel(clients, job.parallel, (client) => walkSubscriber(job, pull, take, { service: id, client, from }));
    const states = [{ what: what(id), state: { through } }];
    await store.imports.note(job.app.no, { source: job.source, states, losses: [] });
    job.progress.reached((n + 1) / services.length);
  }
}

type Subscription = { readonly service: string; readonly client: string; readonly from: number };

async function walkSubscriber(job: ImportJob, pull: Pull, take: Take, { service, client, from }: Subscription) {
  const path = `/1.2/rtm/service-conversations/${encodeURIComponent(service)}/subscribers/${encodeURIComponent(client)}/messages`;
  const digest = threadDigest(service, client);
  try {
    for (let cursor: Cursor | undefined; ; ) {
      const { records, next } = await historyPage(pull, path, { from, to: 0 }, cursor);
      // A record that names neither the service nor this client's digest was said to him alone.
      await take(
        records.map((record) => ({
          ...record,
          to: service,
          'conv-id': record['conv-id'] === service ? service : digest,
        })),
      );
      if (next === undefined) return;
      cursor = next;
    }
  } catch (error) {
    if (!(error instanceof SourceError) || (error.status !== 404 && error.status !== 400)) throw error;
    job.progress.say(`the history of ${service} for one subscriber cannot be read: ${error.message}`);
  }
}
