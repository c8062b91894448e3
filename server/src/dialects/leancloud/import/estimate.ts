// What an import would bring, and how long that would take, from a few questions. Takes nothing.
import type { Pull } from '../../../core/imports/source.ts';
import { countOf } from './walk-classes.ts';
import { oldest, recordsIn } from './walk-messages.ts';

export type Estimate = {
  /** undefined: the source does not say. */
  readonly conversations: number | undefined;
  readonly users: number | undefined;
  readonly installations: number | undefined;
  /** Guessed from a few pages out of its whole time. */
  readonly messages: number;
  /** Unix milliseconds of the oldest and the newest message; absent: there is none. */
  readonly from?: number;
  readonly to?: number;
  readonly requests: number;
  readonly seconds: number;
};

const pageRows = 1_000;
const probes = 12;
/** Lists of one conversation: who is silenced, who is kept away. */
const listRequests = 2;
/** A page of messages, read and written; measured on a small machine. */
const secondsPerPage = 0.25;

export type Pace = { readonly requestsPerSecond: number; readonly withoutLists: boolean };

export async function estimateLeancloud(pull: Pull, { requestsPerSecond, withoutLists }: Pace): Promise<Estimate> {
  const [conversations, users, installations] = [
    await countOf(pull, '_Conversation'),
    await countOf(pull, '_User'),
    await countOf(pull, '_Installation'),
  ];
  const first = await oldest(pull);
  const [newest] = recordsIn(await pull('/1.2/rtm/messages', { limit: 1 }));
  const last = Number(newest?.timestamp ?? 0);
  const messages = first === undefined ? 0 : await guess(pull, first, last);
  const pages = Math.ceil(messages / pageRows);
  const rows = [conversations, users, installations].reduce<number>(
    (sum, n) => sum + Math.ceil((n ?? 0) / pageRows),
    0,
  );
  const requests = pages + rows + (withoutLists ? 0 : (conversations ?? 0) * listRequests);
  const paced = requestsPerSecond > 0 ? requests / requestsPerSecond : 0;
  return {
    conversations,
    users,
    installations,
    messages,
    ...(first === undefined ? {} : { from: first, to: last }),
    requests,
    seconds: Math.ceil(Math.max(paced, pages * secondsPerPage)),
  };
}

/** How close messages lie at a few places of the whole time. */
async function guess(pull: Pull, first: number, last: number): Promise<number> {
  const span = last - first;
  let sum = 0;
  for (let n = 1; n <= probes; n++) {
    const at = Math.round(first + (span * n) / probes) + 1;
    const page = recordsIn(await pull('/1.2/rtm/messages', { limit: pageRows, timestamp: at }));
    const end = Number(page.at(-1)?.timestamp ?? 0);
    if (page.length < pageRows && n === probes) return page.length;
    const part = span / probes;
    const covered = Math.max(1, at - end);
    sum +=
      covered >= part
        ? page.filter(({ timestamp }) => Number(timestamp) > at - part).length
        : (page.length * part) / covered;
  }
  return Math.round(sum);
}
