// A message as it is read, and what of a conversation is shown at all.
import type { JsonObject } from '../../core/json.ts';
import {
  type Content,
  type Mentions,
  type Message,
  messageFlags,
  type Original,
  type PageFilter,
  type SenderKind,
} from '../../core/messages/message.ts';

export type MessageRow = {
  conv: number;
  ts: number;
  sub: number;
  no: number;
  sender: string;
  sender_kind: SenderKind;
  content: string;
  original: string | null;
  flags: number;
  mentions: string | null;
  edited_ts: number | null;
  delivered_at: number | null;
  foreign_id: string | null;
};

export const columns =
  'm.conv, m.ts, m.sub, m.no, m.sender, m.sender_kind, m.content, m.original, m.flags, m.mentions, m.edited_ts, m.delivered_at, m.foreign_id';

/** An empty sender stands for the application itself: a null would not count in a unique index. */
export const senderColumn = (sender: string | null): string => sender ?? '';

export const toMessage = (row: MessageRow): Message => ({
  conversation: row.conv,
  ts: row.ts,
  sub: row.sub,
  no: row.no,
  sender: row.sender === '' ? null : row.sender,
  as: row.sender_kind,
  content: JSON.parse(row.content) as Content,
  flags: row.flags,
  ...(row.original === null ? {} : { original: JSON.parse(row.original) as Original }),
  ...(row.mentions === null ? {} : { mentions: JSON.parse(row.mentions) as JsonObject & Mentions }),
  ...(row.edited_ts === null ? {} : { editedTs: row.edited_ts }),
  ...(row.delivered_at === null ? {} : { deliveredAt: row.delivered_at }),
  ...(row.foreign_id === null ? {} : { foreignId: row.foreign_id }),
});

/** A filter as numbers: flags masked must equal `want`; `spoken` 1 leaves out admins and the application. */
export function filterValues(filter: PageFilter | undefined): { mask: number; want: number; spoken: number } {
  const mask = filter?.betweenFriends === undefined ? 0 : messageFlags.betweenFriends;
  return { mask, want: filter?.betweenFriends ? mask : 0, spoken: filter?.spoken ? 1 : 0 };
}

/** A message that `who` (an expression) has not hidden by itself. Few are: the search is one look at an index. */
export const notHidden = (who: string): string =>
  `not exists (select 1 from hides x where x.app = m.app and x.conv = m.conv and x.who = ${who} and x.ts = m.ts)`;

export const shown = "m.kind not in ('removed', 'recalled')";
