// Who may not speak in a conversation, and who may again.
import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import type { Origin } from '../events.ts';
import { assertHome } from '../guests/settle.ts';
import type { PrincipalKey } from '../ids.ts';
import { limits } from '../limits.ts';
import { announce } from './announce.ts';
import type { Conversation } from './conversation.ts';

type Ports = Pick<Core, 'store' | 'bus' | 'facts' | 'clock'>;

export type SilenceWish = {
  /** Unix milliseconds; null: until it is lifted. */
  readonly until: number | null;
  /** It outlives a membership. */
  readonly sticky: boolean;
  /** Only members can be silenced: else `not-a-member`. */
  readonly membersOnly: boolean;
  readonly by?: PrincipalKey;
};

/** All or nothing. Throws `conversation-not-found`, `not-a-member`, `full` (what: silences). */
export async function silenceMembers(
  core: Ports,
  app: App,
  { no, id, kind }: Conversation,
  who: readonly PrincipalKey[],
  { until, by, sticky, membersOnly }: SilenceWish,
  origin?: Origin,
): Promise<void> {
  await assertHome(core, app, { no, kind });
  const ts = core.clock.now();
  const max = kind === 'room' || kind === 'service' ? limits.blocksPerRoomMax : limits.blocksPerGroupMax;
  const rule = { until, sticky, membersOnly, by: by ?? null, max };
  await core.store.conversations.silence(app.no, no, who, rule, ts);
  const conversation = { no, id, kind };
  await announce(core, app, { type: 'silenced', app: app.no, conversation, who, until, by, ts, origin }, who);
}

/** Answers who was silenced; the others are ignored. `timed` picks silences that end by themselves, or only the others. */
export async function unsilenceMembers(
  core: Ports,
  app: App,
  { no, id, kind }: Conversation,
  who: readonly PrincipalKey[],
  { by, timed }: { readonly by?: PrincipalKey; readonly timed?: boolean } = {},
  origin?: Origin,
): Promise<PrincipalKey[]> {
  const ts = core.clock.now();
  const lifted = await core.store.conversations.unsilence(app.no, no, who, ts, timed);
  if (lifted.length > 0) {
    const conversation = { no, id, kind };
    const event = { type: 'unsilenced', app: app.no, conversation, who: lifted, until: null, by, ts, origin } as const;
    await announce(core, app, event, lifted);
  }
  return lifted;
}
