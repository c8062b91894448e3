// Counts over days, computed when they are asked for: nothing is counted while messages are said.
import type { Content } from '../messages/message.ts';

/** A stretch of time, `from` inclusive, `to` exclusive, Unix milliseconds. */
export type Span = { readonly from: number; readonly to: number };

export type PeopleCount = {
  /** People who existed at the end, and who were made inside. */
  readonly total: number;
  readonly created: number;
  /** People whose last login or change is inside. */
  readonly active: number;
  /** People who said something inside. */
  readonly speaking: number;
};

export type GroupCount = { readonly total: number; readonly created: number; readonly active: number };

export type MessageCount = {
  readonly kind: 'direct' | 'group';
  readonly content: Content['type'];
  readonly count: number;
};

export interface StatisticReads {
  people(app: number, span: Span): Promise<PeopleCount>;
  groups(app: number, span: Span): Promise<GroupCount>;
  /** What was said in direct talk and in groups; kinds without a message are left out. */
  messages(app: number, span: Span): Promise<MessageCount[]>;
}
