// The queue of pushes: a table, so that nothing is lost by a crash between a message and its push. One job a message,
// written with it, says that somebody may have to be told; it is spread into one part for each device later, by a worker.
// Jobs wait in lanes: one for each app and kind of work.
import type { PrincipalKey } from '../ids.ts';
import type { Content, PushJob, PushWords } from '../messages/message.ts';
import type { ProviderName } from '../ports/push.ts';

/** What a push is about. */
export type Cause =
  | (PushJob & {
      readonly type: 'message';
      readonly conversation: number;
      readonly ts: number;
      readonly sender: PrincipalKey | null;
    })
  | {
      readonly type: 'announcement';
      readonly content: Content;
      readonly ts: number;
      readonly to:
        | { readonly kind: 'user'; readonly id: string }
        | { readonly kind: 'conversation'; readonly no: number }
        /** Everybody of the app who has a device. */
        | { readonly kind: 'all' };
      readonly push?: PushWords;
    };

/** `notify`: find out who is to be told; the others: tell one device, through that provider. */
export type JobKind = 'notify' | ProviderName;

export type Lane = { readonly app: number; readonly kind: JobKind };

export type Job = {
  readonly no: number;
  /** Of the job it is a part of; its own where it is none. */
  readonly causeNo: number;
  readonly cause: Cause;
  /** How often it was taken, this time counted. */
  readonly attempts: number;
  readonly createdAt: number;
  /** Of a part. */
  readonly device: { readonly install: string; readonly who: PrincipalKey } | null;
  /** Of a job that is spread in steps: everybody up to here has been looked at. */
  readonly cursor: PrincipalKey | null;
};

/** One step of spreading a job. */
export type Spread = {
  readonly no: number;
  readonly to: readonly { readonly install: string; readonly who: PrincipalKey; readonly kind: ProviderName }[];
  /** What these are told of, where it is not what the job says. */
  readonly cause?: Cause;
  /** Where to go on; absent: that was all. */
  readonly cursor?: PrincipalKey;
};

export interface OutboxReads {
  /** Lanes in which something waits, and when the first of it is due. */
  lanes(): Promise<(Lane & { readonly dueAt: number })[]>;
}

/** What is done to a job needs the lease that `take` gave; who lost it changes nothing. */
export interface OutboxWrites {
  put(app: number, cause: Cause): Promise<void>;
  /** Up to `max` jobs that are due, the oldest first. Nobody else gets them before the lease ends. */
  take(lane: Lane, lease: { readonly by: string; readonly ms: number }, max: number): Promise<Job[]>;
  /** Puts the parts into their lanes, each device once for a cause. A job with nothing left to do or to wait for is gone. */
  spread(by: string, steps: readonly Spread[]): Promise<void>;
  done(by: string, jobs: readonly number[]): Promise<void>;
  later(by: string, jobs: readonly { readonly no: number; readonly dueAt: number }[]): Promise<void>;
  /** Takes every lease away. Only for the one process that a store belongs to, before it takes anything itself. */
  recover(): Promise<void>;
}
