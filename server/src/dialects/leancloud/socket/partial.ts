// Answers that say of each id whether it was done.
import type { Refusal } from '../../../core/conversations/member.ts';
import { ImError } from '../../../core/errors.ts';
import { reasons, type SocketCode, socketAnswer } from '../errors.ts';
import type { Actor } from './client.ts';
import type { ErrorMessage } from './frames.ts';
import { bits } from './said.ts';

export type Partial = { allowedPids: string[]; failedPids?: ErrorMessage[] };

/** Clients that cannot read a half success hear of a refusal for all. */
export const readsPartial = ({ live }: Actor): boolean => (live.bits & bits.partialResults) !== 0;

export function partial(asked: readonly string[], refused: readonly Refusal[]): Partial {
  const failed = new Set(refused.map(({ who }) => who));
  const byCode = Map.groupBy(refused, ({ code, details }) => socketAnswer(new ImError(code, code, details)).code);
  return allowedAndFailed(
    asked.filter((who) => !failed.has(who)),
    [...byCode].map(([code, some]) => [code, some.map(({ who }) => who)]),
  );
}

export function allowedAndFailed(
  allowed: readonly string[],
  failed: readonly (readonly [SocketCode, string[]])[],
): Partial {
  const failedPids = failed.map(([code, pids]) => ({ code, reason: reasons[code], pids }));
  return { allowedPids: [...allowed], ...(failedPids.length > 0 ? { failedPids } : {}) };
}
