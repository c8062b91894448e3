// What somebody can block or be quiet about: a principal, a conversation, or everything. One text for each, so that they
// share a column. No passenger's id holds `/` or `*`, so these keys name nobody.
import type { PrincipalKey } from './ids.ts';

export type SubjectKey = string;

export const everything: SubjectKey = ':*';
export const conversationSubject = (no: number): SubjectKey => `:c/${no}`;
/** undefined: it is no conversation. */
export const conversationOf = (subject: SubjectKey): number | undefined =>
  subject.startsWith(':c/') ? Number(subject.slice(3)) : undefined;
export const principalSubject = (who: PrincipalKey): SubjectKey => who;
