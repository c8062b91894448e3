// Users, devices and conversations of the source against those of the copy, as the door shows them.
import { isDeepStrictEqual } from 'node:util';
import type { RestoredKind } from '../../../core/imports/import.ts';
import type { ImportJob } from '../../../core/imports/source.ts';
import type { JsonObject } from '../../../core/json.ts';
import { userRow } from '../rest/user-rows.ts';
import { rowsOf } from '../rows.ts';
import { decodeConversation } from './conversation.ts';
import { differ, type Findings } from './findings.ts';
import type { Readable } from './readable.ts';
import { decodeInstall, decodeUser } from './user.ts';

type Losses = ReadonlySet<string>;
const atOnce = 100;

export async function compareUsers(job: ImportJob, source: Readable, findings: Findings, losses: Losses) {
  const { store } = job.core;
  for await (const rows of source.rows('_User'))
    for (const raw of rows) {
      findings.compared.users.source += 1;
      const { row, foreign } = decodeUser(raw);
      if (!row) continue;
      const account = await store.accounts.byUser(job.app.no, row.id);
      if (!account) {
        differ(findings, 'users', { what: 'user', id: row.id, why: 'is not here' });
        continue;
      }
      findings.compared.users.copy += 1;
      if (account.updatedAt > row.updatedAt) continue;
      const there = decodeUser(await userRow(job.core, job.app, account, true)).row;
      const parts = (['username', 'phone', 'email', 'attributes'] as const).filter(
        (part) => !isDeepStrictEqual(row[part], there?.[part]) && !losses.has(`user/${row.id}/${part}`),
      );
      const secret = foreign && !account.hasPassword && !losses.has(`user/${row.id}/password`) ? ['password'] : [];
      const links = row.links.filter(
        ({ provider }) =>
          !there?.links.some((link) => link.provider === provider) && !losses.has(`user/${row.id}/${provider}`),
      );
      const differing = [...parts, ...secret, ...links.map(({ provider }) => provider)];
      if (differing.length > 0)
        differ(findings, 'users', { what: 'user', id: row.id, why: `differs in ${differing.join(', ')}` });
    }
}

export async function compareInstalls(job: ImportJob, source: Readable, findings: Findings, losses: Losses) {
  for await (const rows of source.rows('_Installation')) {
    findings.compared.installs.source += rows.length;
    const decoded = rows.flatMap((raw) => {
      const one = decodeInstall(raw);
      return 'row' in one ? [one.row] : [];
    });
    for (let from = 0; from < decoded.length; from += atOnce) {
      const piece = decoded.slice(from, from + atOnce);
      const there = await job.core.store.installs.byIds(
        job.app.no,
        piece.map(({ id }) => id),
      );
      const ids = new Set(there.map(({ install }) => install));
      findings.compared.installs.copy += ids.size;
      for (const { id } of piece)
        if (!ids.has(id) && !losses.has(`install/${id}`))
          differ(findings, 'installs', { what: 'install', id, why: 'is not here' });
    }
  }
}

const parts = ['kind', 'unique', 'name', 'attributes', 'columns', 'creator', 'members', 'createdAt'] as const;

export async function compareConversations(job: ImportJob, source: Readable, findings: Findings, losses: Losses) {
  const { store } = job.core;
  for await (const rows of source.rows('_Conversation'))
    for (let from = 0; from < rows.length; from += atOnce) {
      const piece = rows.slice(from, from + atOnce);
      const decoded = piece.flatMap((raw) => decodeConversation(raw).row ?? []);
      findings.compared.conversations.source += piece.length;
      const ids = decoded.map(({ id }) => id);
      const { conversations } = await store.conversations.scan(
        job.app.no,
        { ids },
        { order: 'created', newestFirst: false, limit: atOnce },
      );
      const there = await rowsOf(job.core, job.app, conversations, { members: true });
      const byId = new Map(there.map((row) => [String(row.objectId), row]));
      findings.compared.conversations.copy += there.length;
      for (const row of decoded) {
        const why = conversationDifference(row, byId.get(row.id), losses);
        if (why !== undefined) differ(findings, 'conversations', { what: 'conversation', id: row.id, why });
      }
    }
}

type Decoded = NonNullable<ReturnType<typeof decodeConversation>['row']>;

/** A row that was changed here since is the copy's own matter. */
function conversationDifference(row: Decoded, raw: JsonObject | undefined, losses: Losses): string | undefined {
  const lost = (what: RestoredKind, id: string) => losses.has(`${what}/${id}`);
  const here = raw && decodeConversation(raw).row;
  if (!here) return lost('conversation', row.id) ? undefined : 'is not here';
  if (here.updatedAt > row.updatedAt) return undefined;
  const differing = parts.filter((part) => !isDeepStrictEqual(sorted(row[part]), sorted(here[part])));
  const quiet = isDeepStrictEqual(sorted(row.quiet), sorted(here.quiet)) ? [] : ['mu'];
  const all = [...differing, ...quiet];
  return all.length > 0 ? `differs in ${all.join(', ')}` : undefined;
}

const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value);
