// What a comparison finds, as it goes on.
import type { Compared, Difference } from '../../../core/imports/verified.ts';
import { limits } from '../../../core/limits.ts';

export type Findings = {
  readonly compared: Record<'users' | 'installs' | 'conversations' | 'messages', Compared>;
  readonly months: Record<string, { source: number; copy: number }>;
  readonly differences: Difference[];
  talks: number;
  saidHere: number;
  differing: number;
};

export function differ(findings: Findings, sort: keyof Findings['compared'], difference: Difference): void {
  findings.differing += 1;
  findings.compared[sort].differing += 1;
  if (findings.differences.length < limits.differencesListed) findings.differences.push(difference);
}
