// Every message of the source against every one of the copy, by conversation.
import { setImmediate as breathe } from 'node:timers/promises';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { type ImportJob, nothingTaken } from '../../../core/imports/source.ts';
import type { JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import { noOfMid } from '../../../core/messages/mid.ts';
import { history } from '../rest/messages.ts';
import { threadDigest } from '../rest/records.ts';
import { differ, type Findings } from './findings.ts';
import { decodeMessage } from './message.ts';
import type { Readable } from './readable.ts';
import { count, differenceOf, digestOf, type Tallies } from './tally.ts';

type Bounds = { readonly upTo: number; readonly losses: ReadonlySet<string> };
type Talk = Pick<Conversation, 'no' | 'id' | 'kind'>;

/** Conversations of which the differing records are looked for, and how many of one are held for it. */
const explainedMax = 20;
const heldMax = 50_000;
const kinds = ['direct', 'group', 'room', 'service', 'thread'] as const;

export async function compareMessages(job: ImportJob, source: Readable, findings: Findings, bounds: Bounds) {
  const atSource: Tallies = new Map();
  const here: Tallies = new Map();
  const talks = new Map<string, Talk>();
  job.progress.stage('messages at the source');
  await readSource(job, source, findings, bounds, atSource);
  job.progress.stage('messages here');
  await readCopy(job, findings, bounds, here, talks);
  const keys = new Set([...atSource.keys(), ...here.keys()]);
  findings.talks = keys.size;
  let explained = 0;
  for (const key of keys) {
    const why = differenceOf(atSource.get(key), here.get(key));
    if (why === undefined) continue;
    const talk = talks.get(key);
    const first = talk && explained++ < explainedMax ? await firstDiffering(job, source, talk, bounds) : undefined;
    differ(findings, 'messages', { what: 'message', id: key, why: first === undefined ? why : `${why}; ${first}` });
  }
}

/** Of a service the thread with one client is apart; the digest names it. */
const keyOf = (to: string, digest: string | undefined): string => (digest === undefined ? to : `${to}/${digest}`);

async function readSource(job: ImportJob, source: Readable, findings: Findings, bounds: Bounds, tallies: Tallies) {
  const { store } = job.core;
  const { conversations: services } = await store.conversations.scan(
    job.app.no,
    { kinds: ['service'] },
    { order: 'created', newestFirst: false, limit: limits.queryScanMax },
  );
  const serviceIds = new Set(services.map(({ id }) => id));
  // A service's messages come twice: with all others, and with each subscriber's.
  const seen = new Set<string>();
  const take = (record: JsonObject): void => {
    const key = sourceKeyOf(job, record, serviceIds, bounds);
    if (key === undefined) return;
    if (serviceIds.has(key.split('/')[0] ?? '')) {
      const once = `${key} ${record['msg-id']}`;
      if (seen.has(once)) return;
      seen.add(once);
    }
    count(tallies, key, record);
    findings.compared.messages.source += 1;
    monthOf(findings, record).source += 1;
  };
  for await (const records of source.records()) {
    records.forEach(take);
    job.progress.took({ ...nothingTaken, same: records.length });
  }
  if (!source.subscriberRecords) return;
  for (const { id, no } of services)
    for (const client of await store.conversations.roster(job.app.no, no))
      for await (const records of source.subscriberRecords(id, client))
        for (const record of records) {
          const name = record['conv-id'] === id ? id : threadDigest(id, client);
          take({ ...record, to: id, 'conv-id': name });
        }
}

/** undefined: it is not compared, because it is too new or was noted as not taken. */
function sourceKeyOf(
  job: ImportJob,
  record: JsonObject,
  services: ReadonlySet<string>,
  { upTo, losses }: Bounds,
): string | undefined {
  const decoded = decodeMessage(record, job.core.clock.now());
  if ('loss' in decoded) return losses.has(`message/${decoded.loss.id}`) ? undefined : decoded.loss.id;
  const { to, foreignId, ts } = decoded.row;
  if (ts > upTo || isNoted(losses, to, foreignId)) return undefined;
  return keyOf(to, services.has(to) ? decoded.digest : undefined);
}

/** As not taken, or as having a new link here. */
const isNoted = (losses: ReadonlySet<string>, to: string, mid: string): boolean =>
  losses.has(`message/${to}/${mid}`) || losses.has(`link/${to}/${mid}`);

function monthOf({ months }: Findings, record: JsonObject): { source: number; copy: number } {
  const month = new Date(Number(record.timestamp) || 0).toISOString().slice(0, 7);
  const counts = months[month] ?? { source: 0, copy: 0 };
  months[month] = counts;
  return counts;
}

async function readCopy(
  job: ImportJob,
  findings: Findings,
  bounds: Bounds,
  tallies: Tallies,
  talks: Map<string, Talk>,
): Promise<void> {
  const { store } = job.core;
  for (let skip = 0; ; skip += limits.pageMax) {
    const { conversations, more } = await store.conversations.scan(
      job.app.no,
      { kinds },
      { order: 'created', newestFirst: false, skip, limit: limits.pageMax },
    );
    const threads = conversations.filter(({ kind }) => kind === 'thread').map(({ no }) => no);
    const services = await store.services.ofThreads(job.app.no, threads);
    const names = new Map(threads.map((no, n) => [no, services[n]]));
    for (const conversation of conversations) {
      const service = names.get(conversation.no);
      const key = service ? keyOf(service.id, threadDigest(service.id, service.who)) : conversation.id;
      if (conversation.kind !== 'thread') talks.set(key, conversation);
      for await (const records of copyRecords(job, conversation))
        for (const record of records) {
          const verdict = copyVerdict(job, record, service?.id ?? conversation.id, bounds);
          if (verdict === 'here') findings.saidHere += 1;
          if (verdict !== 'compared') continue;
          count(tallies, key, record);
          findings.compared.messages.copy += 1;
          monthOf(findings, record).copy += 1;
        }
    }
    job.progress.took({ ...nothingTaken, same: conversations.length });
    await breathe();
    if (!more) return;
  }
}

/** The door's own history, page after page, from the beginning on: how much of it is shown is the app's setting. */
async function* copyRecords({ core, app: given }: ImportJob, talk: Talk): AsyncGenerator<JsonObject[]> {
  const app = { ...given, settings: { ...given.settings, 'leancloud.historyDays': 0 } };
  const conversation = talk as Conversation;
  for (let cursor: JsonObject = {}; ; ) {
    const records = await history(core, app, conversation, { limit: limits.messagesPageMax, ...cursor });
    yield records;
    const last = records.at(-1);
    if (!last || records.length < limits.messagesPageMax) return;
    cursor = { timestamp: last.timestamp ?? 0, msgid: last['msg-id'] ?? '' };
  }
}

function copyVerdict({ app }: ImportJob, record: JsonObject, to: string, { upTo, losses }: Bounds) {
  const mid = String(record['msg-id']);
  if (noOfMid(app, mid) !== undefined) return 'here';
  return Number(record.timestamp) > upTo || isNoted(losses, to, mid) ? 'left out' : 'compared';
}

/** The oldest record that is not the same on both sides; undefined where the source cannot be asked so finely. */
async function firstDiffering(
  job: ImportJob,
  source: Readable,
  talk: Talk,
  bounds: Bounds,
): Promise<string | undefined> {
  if (!source.conversationRecords || talk.kind === 'service') return undefined;
  const theirs = new Map<string, JsonObject>();
  for await (const records of source.conversationRecords(talk.id, talk.kind)) {
    for (const record of records)
      if (sourceKeyOf(job, record, new Set(), bounds) !== undefined) theirs.set(String(record['msg-id']), record);
    if (theirs.size > heldMax) return undefined;
  }
  let first: { ts: number; why: string } | undefined;
  const note = (record: JsonObject, why: string) => {
    const ts = Number(record.timestamp);
    if (!first || ts < first.ts)
      first = { ts, why: `the first is ${record['msg-id']} of ${new Date(ts).toISOString()}: ${why}` };
  };
  for await (const records of copyRecords(job, talk))
    for (const record of records) {
      if (copyVerdict(job, record, talk.id, bounds) !== 'compared') continue;
      const mid = String(record['msg-id']);
      const there = theirs.get(mid);
      if (!there) note(record, 'only here');
      else if (!digestOf(there).equals(digestOf(record))) note(record, 'it says something else here');
      theirs.delete(mid);
    }
  for (const record of theirs.values()) note(record, 'it is missing here');
  return first?.why;
}
