// What no export has: who is silenced for good, who is kept away, who subscribes, who has which role. Asked for each
// conversation once; on later runs for those that are new.
import type { ConversationKind } from '../../../core/conversations/conversation.ts';
import type { RestoredStanding } from '../../../core/imports/import.ts';
import { type ImportJob, inParallel, type Pull, SourceError } from '../../../core/imports/source.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { decodeRole } from './conversation.ts';
import { idsOf, isId } from './values.ts';
import { recordsIn } from './walk-messages.ts';

type Place = { readonly id: string; readonly kind: ConversationKind };
const kinds: readonly ConversationKind[] = ['direct', 'group', 'room', 'service'];
const atOnce = 100;
const listPage = 100;
const subscribersPage = 50;
const what = 'standings';

/** `roles`: they are asked for here, because the source does not offer them as a class. */
export async function walkStandings(job: ImportJob, pull: Pull, { roles, again }: { roles: boolean; again: boolean }) {
  const { store } = job.core;
  const before = again ? undefined : await store.imports.state(job.app.no, job.source, what);
  let skip = typeof before?.asked === 'number' ? before.asked : 0;
  const total = await store.conversations.count(job.app.no, { kinds });
  job.progress.stage('roles and lists', total - skip);
  for (;;) {
    const { conversations } = await store.conversations.scan(
      job.app.no,
      { kinds },
      { order: 'created', newestFirst: false, skip, limit: atOnce },
    );
    if (conversations.length === 0) return;
    const rows: RestoredStanding[] = [];
    await inParallel(conversations, job.parallel, async ({ id, kind }) => {
      const row = await standingOf(pull, { id, kind }, roles);
      if (row) rows.push(row);
    });
    skip += conversations.length;
    const states = [{ what, state: { asked: skip } }];
    job.progress.took(
      await store.imports.restoreStandings(job.app.no, rows, { source: job.source, states, losses: [] }),
    );
    job.progress.reached(total === 0 ? 1 : Math.min(1, skip / total));
  }
}

const baseOf = ({ id, kind }: Place): string => {
  const family = kind === 'room' ? 'chatrooms' : kind === 'service' ? 'service-conversations' : 'conversations';
  return `/1.2/rtm/${family}/${encodeURIComponent(id)}`;
};

/** undefined: the source does not know the conversation, or there is nothing to say of it. */
async function standingOf(pull: Pull, place: Place, withRoles: boolean): Promise<RestoredStanding | undefined> {
  const base = baseOf(place);
  try {
    const blocked = await listAt(pull, `${base}/blacklists`);
    if (place.kind === 'service') return { id: place.id, blocked, subscribers: await subscribersAt(pull, base) };
    const silenced = await listAt(pull, `${base}/permanent-silenceds`);
    const roles = withRoles ? await rolesAt(pull, base, place.id) : undefined;
    if (blocked.length + silenced.length + (roles?.length ?? 0) === 0) return undefined;
    return { id: place.id, blocked, silenced, ...(roles ? { roles } : {}) };
  } catch (error) {
    if (error instanceof SourceError && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}

async function listAt(pull: Pull, path: string): Promise<string[]> {
  const found: string[] = [];
  for (let next: string | undefined; ; ) {
    const answer = await pull(path, { limit: listPage, ...(next === undefined ? {} : { next }) });
    if (!isJsonObject(answer)) return found;
    found.push(...idsOf(answer.client_ids).ids);
    if (typeof answer.next !== 'string' || answer.next === '' || answer.next === next) return found;
    next = answer.next;
  }
}

async function rolesAt(pull: Pull, base: string, id: string) {
  const found = [];
  for (let skip = 0; ; skip += listPage) {
    const answer = await pull(`${base}/member-infos`, { skip, limit: listPage });
    const results = isJsonObject(answer) && Array.isArray(answer.results) ? answer.results.filter(isJsonObject) : [];
    for (const row of results) {
      const role = decodeRole({ ...row, cid: id });
      if (role) found.push({ who: role.who, role: role.role });
    }
    if (results.length < listPage) return found;
  }
}

async function subscribersAt(pull: Pull, base: string): Promise<{ who: string; at: number }[]> {
  const found: { who: string; at: number }[] = [];
  for (let after: string | undefined; ; ) {
    const page: JsonObject[] = recordsIn(
      await pull(`${base}/subscribers`, {
        limit: subscribersPage,
        ...(after === undefined ? {} : { client_id: after }),
      }),
    );
    for (const { subscriber: who, timestamp } of page)
      if (isId(who)) found.push({ who, at: typeof timestamp === 'number' ? timestamp : 1 });
    const last = page.at(-1)?.subscriber;
    if (page.length < subscribersPage || typeof last !== 'string' || last === after) return found;
    after = last;
  }
}
