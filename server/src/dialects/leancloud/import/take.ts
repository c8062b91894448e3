// Rows as the source has them, decoded and put into the store: what the live service and files share.
import type { ImportState, Loss, RestoredConversation, RestoredMessage, Taken } from '../../../core/imports/import.ts';
import { type ImportJob, nothingTaken } from '../../../core/imports/source.ts';
import type { JsonObject } from '../../../core/json.ts';
import { decodeConversation, decodeRole } from './conversation.ts';
import { decodeMessage } from './message.ts';
import type { ThreadNames } from './threads.ts';
import { type DecodedUser, decodeInstall, decodeUser } from './user.ts';

/** Members of the conversations that share a transaction. */
const membersAtOnce = 2_000;
/** Messages that share a transaction: a living server waits for it. */
const messagesAtOnce = 250;

/** `states` are written with the last of the rows: what is before them was taken for sure. */
export type Take = (rows: readonly JsonObject[], states?: readonly ImportState[]) => Promise<void>;

export type Takes = {
  readonly conversations: Take;
  readonly roles: Take;
  readonly users: Take;
  readonly installs: Take;
  readonly messages: Take;
};

export function takesOf(job: ImportJob, threads: ThreadNames): Takes {
  const { app, source } = job;
  const { imports } = job.core.store;
  const slice = (states: readonly ImportState[], losses: readonly Loss[]) => ({ source, states, losses });
  const took = (taken: Taken) => job.progress.took(taken);

  return {
    async conversations(rows, states = []) {
      const decoded = rows.map(decodeConversation);
      const losses = decoded.flatMap((one) => one.losses);
      const pieces = byWeight(decoded.flatMap(({ row }) => row ?? []));
      for (const piece of pieces) {
        took(await imports.restoreConversations(app.no, piece, slice([], [])));
        for (const { id, kind } of piece) if (kind === 'service') threads.addService(id);
      }
      await note(job, states, losses);
    },

    async roles(rows, states = []) {
      const decoded = rows.flatMap((row) => decodeRole(row) ?? []);
      const byId = Map.groupBy(decoded, ({ id }) => id);
      const standings = [...byId].map(([id, roles]) => ({ id, roles: roles.map(({ who, role }) => ({ who, role })) }));
      took(await imports.restoreStandings(app.no, standings, slice(states, [])));
    },

    async users(rows, states = []) {
      const decoded = rows.map(decodeUser);
      const losses = decoded.flatMap((one) => one.losses);
      const users = await withPasswords(job, decoded, losses);
      took(await imports.restoreUsers(app.no, users, slice(states, losses)));
    },

    async installs(rows, states = []) {
      const decoded = rows.map(decodeInstall);
      const losses = decoded.flatMap((one) => ('loss' in one ? [one.loss] : []));
      const installs = decoded.flatMap((one) => ('row' in one ? [one.row] : []));
      took(await imports.restoreInstalls(app.no, installs, slice(states, losses)));
    },

    async messages(rows, states = []) {
      const { messages, losses } = await decodeAll(job, threads, rows);
      const rule = { overwrite: job.overwrite, createMissing: job.createMissing };
      // A tie is not parted: its order is given inside one transaction.
      const pieces = byTies(messages);
      const before = pieces.slice(0, -1).map((piece) => imports.restoreMessages(app.no, piece, rule, slice([], [])));
      for (const taken of await Promise.all(before)) took(taken);
      took(await imports.restoreMessages(app.no, pieces.at(-1) ?? [], rule, slice(states, losses)));
    },
  };
}

export async function note(job: ImportJob, states: readonly ImportState[], losses: readonly Loss[]): Promise<void> {
  if (states.length === 0 && losses.length === 0) return;
  await job.core.store.imports.note(job.app.no, { source: job.source, states, losses });
  if (losses.length > 0) job.progress.took({ ...nothingTaken, lost: losses.length });
}

function byWeight(rows: readonly RestoredConversation[]): RestoredConversation[][] {
  const pieces: RestoredConversation[][] = [];
  let weight = membersAtOnce;
  for (const row of rows) {
    if (weight >= membersAtOnce) {
      pieces.push([]);
      weight = 0;
    }
    pieces.at(-1)?.push(row);
    weight += 10 + row.members.length;
  }
  return pieces;
}

function byTies(rows: readonly RestoredMessage[]): RestoredMessage[][] {
  const pieces: RestoredMessage[][] = [];
  let last: RestoredMessage | undefined;
  for (const row of rows) {
    const piece = pieces.at(-1);
    if (!piece || (piece.length >= messagesAtOnce && row.ts !== last?.ts)) pieces.push([row]);
    else piece.push(row);
    last = row;
  }
  return pieces;
}

const withLine = (loss: Loss, line: string | undefined): Loss =>
  line === undefined ? loss : { ...loss, detail: loss.detail === undefined ? line : `${loss.detail}, ${line}` };

async function decodeAll(job: ImportJob, threads: ThreadNames, rows: readonly JsonObject[]) {
  const losses: Loss[] = [];
  const messages: RestoredMessage[] = [];
  const now = job.core.clock.now();
  for (const record of rows) {
    const decoded = decodeMessage(record, now);
    if ('loss' in decoded) losses.push(withLine(decoded.loss, job.lineOf?.(record)));
    else if (decoded.digest === undefined || !(await threads.isService(decoded.row.to))) messages.push(decoded.row);
    else {
      const client = await threads.clientOf(decoded.row.to, decoded.digest);
      if (client !== undefined) messages.push({ ...decoded.row, client });
      else
        losses.push({
          what: 'message',
          id: `${decoded.row.to}/${decoded.row.foreignId}`,
          reason: 'was said by a service to a client that nobody knows',
        });
    }
  }
  return { messages, losses };
}

/** Hashing is slow, so it is done only for who is new, has none yet, or has changed. */
async function withPasswords(job: ImportJob, decoded: readonly DecodedUser[], losses: Loss[]) {
  const { store, passwords } = job.core;
  return Promise.all(
    decoded
      .flatMap(({ row, foreign }) => (row ? [{ row, foreign }] : []))
      .map(async ({ row, foreign }) => {
        if (!foreign) return row;
        const there = await store.accounts.byUser(job.app.no, row.id);
        if (there?.hasPassword && there.updatedAt >= row.updatedAt) return row;
        try {
          return { ...row, password: await passwords.adopt(foreign) };
        } catch (error) {
          if ((error as { code?: string }).code !== 'invalid-argument') throw error;
          losses.push({ what: 'user', id: `${row.id}/password`, reason: 'has a password hash of an unknown form' });
          return row;
        }
      }),
  );
}
