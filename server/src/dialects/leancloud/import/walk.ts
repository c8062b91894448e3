// The walk through a live LeanCloud app, from the rows that others name to the messages.
import { createHash } from 'node:crypto';
import type { ImportJob, Pull } from '../../../core/imports/source.ts';
import { takesOf } from './take.ts';
import { openThreadNames } from './threads.ts';
import { walkClass } from './walk-classes.ts';
import { walkMessages } from './walk-messages.ts';
import { walkServices } from './walk-services.ts';
import { walkStandings } from './walk-standings.ts';

export type WalkOptions = {
  /** Everything from the beginning once more: edits and recalls of what was taken, roles and lists of every conversation. */
  readonly rescan: boolean;
  /** Without roles, silences, block lists and subscribers: two to three requests a conversation. */
  readonly withoutLists: boolean;
};

/** What proves to be the application itself, as headers. */
export const masterHeaders = (appId: string, masterKey: string): Record<string, string> => ({
  'X-LC-Id': appId,
  'X-LC-Key': `${masterKey},master`,
});

/** Goes on where it was left; afterwards brings what is new. Throws SourceError. */
export async function walkLeancloud(job: ImportJob, pull: Pull, { rescan, withoutLists }: WalkOptions): Promise<void> {
  const threads = openThreadNames(job);
  const takes = takesOf(job, threads);
  const absent = async (name: string, take: (typeof takes)['users']): Promise<boolean> => {
    const offered = await walkClass(job, pull, name, take);
    if (!offered) job.progress.say(`${name} is not offered by this source; take it from the console's export`);
    return !offered;
  };
  await absent('_Conversation', takes.conversations);
  await absent('_User', takes.users);
  await absent('_Installation', takes.installs);
  const roles = !(await walkClass(job, pull, '_ConversationMemberInfo', takes.roles));
  if (!withoutLists) await walkStandings(job, pull, { roles, again: rescan });
  await walkMessages(job, pull, takes.messages, rescan);
  await walkServices(job, pull, takes.messages, rescan);
}

/** By which states are kept: another host or file of the same app goes on where this one was. */
export const sourceOf = (appId: string): string =>
  `leancloud:${/^[\w-]{1,64}$/.test(appId) ? appId : createHash('sha256').update(appId).digest('hex').slice(0, 24)}`;
