import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { askHook } from '../hooks/ask.ts';
import type { PrincipalKey } from '../ids.ts';
import { userTopic } from '../ports/bus.ts';
import { conversationOf, type SubjectKey } from '../subjects.ts';
import type { QuietChange } from './quiet.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'hooks' | 'clock'>;

/** All or nothing. `strict`: throws `already`, `absent` (what: quiet). Throws `rejected-by-app`. Answers what changed. */
export async function changeQuiets(
  core: Ports,
  app: App,
  who: PrincipalKey,
  wanted: QuietChange,
): Promise<{ added: string[]; removed: string[] }> {
  const change = core.hooks?.wants(app, 'quiet') ? await asHooksSay(core, app, who, wanted) : wanted;
  const ts = core.clock.now();
  const changed = await core.store.quiets.change(app.no, who, change, ts);
  if (changed.added.length + changed.removed.length > 0)
    core.bus.publish({ type: 'quiet-changed', app: app.no, who, ...changed, ts }, [userTopic(app.no, who)]);
  return changed;
}

/** An application is asked about conversations; it may refuse, or turn the wish round. */
async function asHooksSay(core: Ports, app: App, who: PrincipalKey, wanted: QuietChange): Promise<QuietChange> {
  const add: SubjectKey[] = [];
  const remove: SubjectKey[] = [];
  for (const [subjects, on] of [[wanted.add, true] as const, [wanted.remove, false] as const])
    for (const subject of subjects) {
      const no = conversationOf(subject);
      const [conversation] = no === undefined ? [] : await core.store.conversations.keys(app.no, [no]);
      const say = conversation ? await askHook(core, app, { hook: 'quiet', who, conversation, on }) : {};
      ((say.on ?? on) ? add : remove).push(subject);
    }
  return { ...wanted, add, remove };
}
