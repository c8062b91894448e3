// What can only be told after a look at the store: counts of what is unread, and receipts where they are given.
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import type { PrincipalKey } from '../../../core/ids.ts';
import { messageFlags } from '../../../core/messages/message.ts';
import { midOf } from '../../../core/messages/mid.ts';
import { talkWithService } from '../../../core/services/talk.ts';
import type { Command } from './frames.ts';
import { bits, type Look } from './said.ts';
import { talkOf, unreadTuples } from './unread.ts';

/** How many of one's own newest messages are looked through for one that asked for a receipt. */
const receiptScan = 50;
/** Receipts are given where at most this many talk. */
const receiptMembersMax = 2;

export type Looker = {
  readonly app: App;
  readonly who: PrincipalKey;
  readonly bits: number;
  /** 3: it is told counts. */
  readonly revision: 1 | 3;
};

/** The commands to tell, in order. */
export async function lookUp(
  core: Pick<Core, 'store' | 'facts' | 'clock'>,
  looker: Looker,
  look: Look,
): Promise<Command[]> {
  switch (look.about) {
    case 'unread':
      return looker.revision === 3 ? countOf(core, looker, look.cid) : [];
    case 'read':
      return readReceipt(core, looker, look);
    case 'delivered':
      if (!(await givesReceipts(core, looker, look.cid))) return [];
      return look.ids.map((id) => ({
        cmd: 'rcp',
        serverTs: look.at,
        rcpMessage: { id, cid: look.cid, t: look.at, from: look.by },
      }));
    default:
      return look satisfies never;
  }
}

async function countOf(
  { store, facts, clock }: Pick<Core, 'store' | 'facts' | 'clock'>,
  { app, who }: Looker,
  cid: string,
): Promise<Command[]> {
  const conversation = (await facts.group(app.no, cid))?.conversation;
  if (!conversation) return [];
  const { no, kind } = conversation;
  const nos = kind === 'service' ? await talkWithService({ store }, app, conversation, who) : [no];
  const talk = talkOf(cid, kind, await store.marks.unread(app.no, who, nos));
  const { tuples } = await unreadTuples({ store, clock }, app, who, [talk]);
  return [{ cmd: 'unread', unreadMessage: { convs: tuples, notifTime: clock.now() } }];
}

/** For the newest of the looker's messages that the other has read and that asked for it. */
async function readReceipt(
  core: Pick<Core, 'store' | 'facts'>,
  looker: Looker,
  { cid, by, ts, at }: Extract<Look, { about: 'read' }>,
): Promise<Command[]> {
  const { app, who } = looker;
  const conversation = await givesReceipts(core, looker, cid);
  if (!conversation) return [];
  const range = { before: { ts, closed: true }, from: 'newest' } as const;
  const own = await core.store.messages.page(app.no, conversation.no, range, receiptScan, { sender: who });
  const newest = own.findLast(({ flags }) => (flags & messageFlags.receipt) !== 0);
  if (!newest) return [];
  return [{ cmd: 'rcp', serverTs: at, rcpMessage: { id: midOf(app, newest), cid, t: at, read: true, from: by } }];
}

async function givesReceipts({ facts }: Pick<Core, 'facts'>, { app, bits: known }: Looker, cid: string) {
  const found = await facts.group(app.no, cid);
  if (!found) return undefined;
  const few = found.roster.size <= receiptMembersMax;
  return few || (known & bits.groupReceipts) !== 0 ? found.conversation : undefined;
}
