// What a batch of comings and goings does to the tables, and what each of them hears. No I/O: the rows it reads are locked.
import type { PrincipalKey } from '../core/ids.ts';

export type Key = { readonly app: number; readonly who: PrincipalKey; readonly session: string };

type Turn = Key & {
  readonly kind: 'enter' | 'leave';
  readonly toAll: boolean;
  /** It may be in the tables already: its commit was not answered, or a crash has emptied them. */
  unsure?: boolean;
};
type Stay = Key & { readonly kind: 'attend' | 'unattend'; readonly room: number };
export type Change = Turn | Stay;

export type Answer = {
  /** First or last of the principal. */
  readonly turned: boolean;
  readonly toAll: boolean;
  /** Its row was not there before. */
  readonly missing: boolean;
};

/** A principal's row and his sessions, as they are before the batch. */
export type Person = {
  readonly app: number;
  readonly who: PrincipalKey;
  readonly toAll: boolean;
  readonly sessions: readonly string[];
};

export type Plan = {
  readonly answers: Answer[];
  readonly entered: Key[];
  readonly left: Key[];
  /** Principals of whom nobody is left. */
  readonly emptied: { readonly app: number; readonly who: PrincipalKey }[];
  /** Principals whose period is for all from now on. */
  readonly loud: { readonly app: number; readonly who: PrincipalKey }[];
  readonly attended: (Key & { readonly room: number })[];
  readonly unattended: (Key & { readonly room: number })[];
};

export const personKey = (app: number, who: PrincipalKey): string => `${app}/${who}`;

type State = { app: number; who: PrincipalKey; toAll: boolean; wasLoud: boolean; sessions: Set<string> };

/** Goes through the changes in their order. `people`: everybody whom an `enter` or `leave` names. */
export function plan(changes: readonly Change[], people: readonly Person[]): Plan {
  const states = new Map<string, State>(
    people.map(({ app, who, toAll, sessions }) => [
      personKey(app, who),
      { app, who, toAll, wasLoud: toAll, sessions: new Set(sessions) },
    ]),
  );
  const entered = new Map<string, Key>();
  const left = new Map<string, Key>();
  const attended = new Map<string, Key & { room: number }>();
  const unattended = new Map<string, Key & { room: number }>();
  const answers = changes.map((change): Answer => {
    const key = `${change.app}/${change.session}`;
    if ('room' in change) {
      const [to, from] = change.kind === 'attend' ? [attended, unattended] : [unattended, attended];
      from.delete(`${key}/${change.room}`);
      to.set(`${key}/${change.room}`, change);
      return { turned: false, toAll: false, missing: false };
    }
    const state = states.get(personKey(change.app, change.who));
    if (!state) throw new Error('a principal of the batch was not read');
    const [to, from] = change.kind === 'enter' ? [entered, left] : [left, entered];
    from.delete(key);
    to.set(key, change);
    return change.kind === 'enter' ? enter(state, change) : leave(state, change);
  });
  const after = [...states.values()];
  return {
    answers,
    entered: [...entered.values()],
    left: [...left.values()],
    emptied: after.filter(({ sessions }) => sessions.size === 0),
    loud: after.filter(({ toAll, wasLoud, sessions }) => toAll && !wasLoud && sessions.size > 0),
    attended: [...attended.values()],
    unattended: [...unattended.values()],
  };
}

function enter(state: State, { session, toAll, unsure }: Turn): Answer {
  const had = state.sessions.has(session);
  // What an unanswered commit may have written already is not somebody else's coming.
  const others = state.sessions.size - (had && unsure ? 1 : 0);
  state.sessions.add(session);
  state.toAll ||= toAll;
  return { turned: others === 0, toAll: state.toAll, missing: !had };
}

function leave(state: State, { session, toAll, unsure = false }: Turn): Answer {
  const had = state.sessions.delete(session);
  const turned = state.sessions.size === 0 && (had || unsure);
  const answer = { turned, toAll: turned && (state.toAll || toAll), missing: !had };
  if (state.sessions.size === 0) state.toAll = false;
  return answer;
}
