// The work that nobody asks for: retention and the rests of deletions. One round a minute after the start, then one
// an hour. Of several nodes one does it; two at once would do no harm: what one has removed, the other does not find.
import { setTimeout as wait } from 'node:timers/promises';
import { sweepProofs } from './accounts/sweep.ts';
import { expireUploads } from './attachments/expire.ts';
import { expireConversations } from './conversations/expire.ts';
import type { Core } from './core.ts';
import { eraseDeleted, expireMessages, type Pause } from './messages/expire.ts';
import { expireBroadcasts, expireNotices, expireSeats } from './notices/expire.ts';
import { type Duties, everyDuty } from './ports/duties.ts';

export type JobPorts = Pick<Core, 'store' | 'blobs' | 'bus' | 'facts' | 'clock' | 'log'>;
export type JobTimes = { readonly firstAfterMs: number; readonly everyMs: number; readonly breathMs: number };

const usualTimes: JobTimes = { firstAfterMs: 60_000, everyMs: 60 * 60_000, breathMs: 20 };

/** `stop` resolves when nothing runs any more: a step under way is finished, the next one is not begun. */
export function startJobs(
  core: JobPorts,
  times: JobTimes = usualTimes,
  duties: Duties = everyDuty,
): { stop(): Promise<void> } {
  const end = new AbortController();
  const running = repeat(core, times, duties, end.signal).catch((err: unknown) => {
    if (!end.signal.aborted) core.log.error({ err }, 'the jobs have stopped');
  });
  return {
    async stop() {
      end.abort();
      await running;
    },
  };
}

async function repeat(core: JobPorts, times: JobTimes, duties: Duties, signal: AbortSignal): Promise<void> {
  const pause = (ms: number) => wait(ms, undefined, { signal, ref: false });
  await pause(times.firstAfterMs);
  for (;;) {
    if (await duties.mine('jobs')) await runJobs(core, () => pause(times.breathMs), signal);
    await pause(times.everyMs);
  }
}

/** One round. A job that fails is logged and tried again in the next round; the others run all the same. */
export async function runJobs(core: JobPorts, pause?: Pause, signal?: AbortSignal): Promise<void> {
  async function run(job: string, app: string | undefined, work: () => Promise<unknown>): Promise<void> {
    if (signal?.aborted) return;
    try {
      const removed = await work();
      if (removed) core.log.info({ job, app, removed }, 'job done');
    } catch (err) {
      if (!signal?.aborted) core.log.error({ err, job, app }, 'job failed');
    }
  }
  await run('sweep-proofs', undefined, () => sweepProofs(core, pause));
  await run('expire-conversations', undefined, () => expireConversations(core, pause));
  await run('expire-notices', undefined, () => expireNotices(core, pause));
  await run('expire-broadcasts', undefined, () => expireBroadcasts(core, pause));
  await run('expire-seats', undefined, () => expireSeats(core, pause));
  await run('erase-deleted', undefined, () => eraseDeleted(core, pause));
  await run('expire', undefined, async () => {
    for (const app of await core.store.apps.list()) {
      // Messages first, so that no message outlives the file it shows.
      await run('expire-messages', app.id, () => expireMessages(core, app, pause));
      await run('expire-uploads', app.id, () => expireUploads(core, app, pause));
    }
  });
}
