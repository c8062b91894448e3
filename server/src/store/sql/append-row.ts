// A new message as its row, the same in every engine: what can be made ready before the transaction is.
import { hash } from 'node:crypto';
import { ImError } from '../../core/errors.ts';
import type { Append } from '../../core/messages/message.ts';
import { senderColumn } from './message-row.ts';

/** The columns that a draft fills by itself, and the job that goes with it: JSON that the engine adds the `ts` to. */
export type AppendRow = {
  readonly app: number;
  readonly conv: number;
  readonly sender: string;
  readonly sender_kind: string;
  readonly kind: string;
  readonly content: string;
  readonly original: string | null;
  readonly flags: number;
  readonly mentions: string | null;
  readonly ref: string | null;
  readonly digest: string | null;
  readonly job: string | null;
};

/** Tells a retry from other content under the same reference. Flags are left out: friendship may change in between. */
const digest = (content: string, original: string | null): string =>
  hash('sha256', `${content}\0${original ?? ''}`, 'base64url').slice(0, 22);

export function appendRow(draft: Append): AppendRow {
  const { conversation, sender, job } = draft;
  const content = JSON.stringify(draft.content);
  const original = draft.original ? JSON.stringify(draft.original) : null;
  return {
    app: draft.app,
    conv: conversation,
    sender: senderColumn(sender),
    sender_kind: draft.as,
    kind: draft.content.type,
    content,
    original,
    flags: draft.flags,
    mentions: draft.mentions ? JSON.stringify(draft.mentions) : null,
    ref: draft.ref ?? null,
    digest: draft.ref === undefined ? null : digest(content, original),
    job: job ? JSON.stringify({ ...job, type: 'message', conversation, sender }) : null,
  };
}

export const usedReference = () =>
  new ImError('conflict', 'this reference was used for another message', { what: 'reference' });
