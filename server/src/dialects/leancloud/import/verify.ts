// Compares a source with its copy, and the copy is read through the door: what is proven is what clients will see.
import type { Loss } from '../../../core/imports/import.ts';
import type { ImportJob } from '../../../core/imports/source.ts';
import type { Compared, Verified } from '../../../core/imports/verified.ts';
import { limits } from '../../../core/limits.ts';
import type { Findings } from './findings.ts';
import type { Readable } from './readable.ts';
import { compareMessages } from './verify-messages.ts';
import { compareConversations, compareInstalls, compareUsers } from './verify-rows.ts';
import { throughOf } from './walk-messages.ts';

/** `through`: messages up to this time; absent: up to where the import came. */
export async function verifyLeancloud(job: ImportJob, source: Readable, through?: number): Promise<Verified> {
  const none = (): Compared => ({ source: 0, copy: 0, differing: 0 });
  const findings: Findings = {
    compared: { users: none(), installs: none(), conversations: none(), messages: none() },
    months: {},
    differences: [],
    talks: 0,
    saidHere: 0,
    differing: 0,
  };
  const upTo = through ?? (await throughOf(job));
  const losses = await lossesOf(job);
  job.progress.stage('users');
  await compareUsers(job, source, findings, losses);
  job.progress.stage('installations');
  await compareInstalls(job, source, findings, losses);
  job.progress.stage('conversations');
  await compareConversations(job, source, findings, losses);
  await compareMessages(job, source, findings, { upTo, losses });
  return {
    app: job.app.id,
    source: job.source,
    at: job.core.clock.now(),
    through: upTo === Number.MAX_SAFE_INTEGER ? 0 : upTo,
    ...findings,
    notTaken: await job.core.store.imports.countLosses(job.app.no, job.source),
  };
}

/** `what/id` of everything that was noted as not taken. */
async function lossesOf({ core, app, source }: ImportJob): Promise<Set<string>> {
  const found = new Set<string>();
  for (let after: Pick<Loss, 'what' | 'id'> | undefined; ; ) {
    const page = await core.store.imports.losses(app.no, source, {
      limit: limits.messagesPageMax,
      ...(after ? { after } : {}),
    });
    for (const { what, id } of page) found.add(`${what}/${id}`);
    const last = page.at(-1);
    if (!last || page.length < limits.messagesPageMax) return found;
    after = last;
  }
}
