// What one person keeps away: other people, or conversations that others would add him to.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { PrincipalKey } from '../ids.ts';
import { userTopic } from '../ports/bus.ts';
import { conversationOf, type SubjectKey } from '../subjects.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>;

/** All or nothing; answers who is blocked now and was not. Throws `full` (what: blocks); `strict`: `already` (what: block). */
export async function putBlocks(
  core: Ports,
  app: App,
  by: PrincipalKey,
  targets: readonly SubjectKey[],
  rule: { readonly max: number; readonly strict: boolean },
): Promise<SubjectKey[]> {
  const ts = core.clock.now();
  const added = await core.store.blocks.put(app.no, by, targets, rule, ts);
  tell(core, app, by, { added, removed: [] }, ts);
  return added;
}

/** All or nothing; answers who was blocked. `strict`: throws `absent` (what: block). */
export async function liftBlocks(
  core: Ports,
  app: App,
  by: PrincipalKey,
  targets: readonly SubjectKey[],
  rule: { readonly strict: boolean },
): Promise<SubjectKey[]> {
  const removed = await core.store.blocks.lift(app.no, by, targets, rule);
  tell(core, app, by, { added: [], removed }, core.clock.now());
  return removed;
}

function tell(
  { bus, facts }: Ports,
  app: App,
  who: PrincipalKey,
  change: { readonly added: readonly SubjectKey[]; readonly removed: readonly SubjectKey[] },
  ts: number,
): void {
  const moved = [...change.added, ...change.removed];
  for (const target of moved) if (conversationOf(target) === undefined) facts.forgetPair(app.no, who, target);
  if (moved.length > 0)
    bus.publish({ type: 'block-changed', app: app.no, who, ...change, ts }, [userTopic(app.no, who)]);
}
