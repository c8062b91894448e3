import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { endSessions } from '../presence/end-sessions.ts';

/** Who is disabled has no session any more, and neither logs in nor speaks, through any door. Throws `user-not-found`. */
export async function markUser(
  core: Pick<Core, 'store' | 'bus' | 'facts'>,
  app: App,
  id: string,
  marks: { readonly admin?: boolean; readonly disabled?: boolean },
): Promise<void> {
  await core.store.users.mark(app.no, id, marks);
  core.facts.forgetPerson(app.no, id);
  if (marks.disabled) endSessions(core, app, id, 'disabled');
}
