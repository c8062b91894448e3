// Who is here, and the one connection of this tab. A tab is one person: its reload is the same one, another tab may be
// somebody else.
import { computed, signal } from '@preact/signals';
import { connect, type Failure, type Im, type State } from 'hongyan-im';
import { idOf } from '../words/names.ts';
import { keep, recall } from './kept.ts';

export type Me = { name: string; isPassenger: boolean; id?: string };
type Demo = { appId: string; key: string };

export const session = signal<{ im: Im; me: Required<Me> } | undefined>(undefined);
export const connection = signal<State>('connecting');
/** Counts the logins of this session: what was read before the last one may be old. */
export const logins = signal(0);
/** Why the last session ended; shown on the first view. */
export const ended = signal<Failure | undefined>(undefined);
export const names = signal<string[]>(recall('localStorage', 'names', []));

export const myId = computed(() => session.value?.me.id ?? '');

/** The connection. Only for views that are shown to somebody who is in. */
export const im = (): Im => (session.peek() as { im: Im }).im;

/** Who this tab was before its reload. */
export const earlier = (): Me | undefined => recall<Me | undefined>('sessionStorage', 'me', undefined);

const namesMax = 6;
const starters: ((im: Im) => void)[] = [];
const enders: (() => void)[] = [];

/** Each session is announced to whoever keeps something of it, before its first event; and its end. */
export function forEachSession(start: (im: Im) => void, end: () => void): void {
  starters.push(start);
  enders.push(end);
}

async function demo(): Promise<Demo> {
  const answer = await fetch('/demo.json');
  if (!answer.ok) throw Object.assign(new Error('demo'), { status: answer.status });
  return answer.json();
}

/** Resolves when in; rejects with what the server or the network said. */
export async function enter({ name, isPassenger, id }: Me): Promise<void> {
  const { appId, key } = await demo();
  const who = isPassenger ? { passenger: { ...(id && { id }), name } } : { user: idOf(name) };
  const line = connect({ appId, key, ...who, notifyAll: true, storage: drawer() });
  line.on('state', (state) => {
    connection.value = state;
    if (state === 'online') logins.value++;
    if (state === 'refused' && session.peek()?.im === line) end(line.error);
  });
  for (const start of starters) start(line);
  try {
    const known = await within(line.ready);
    ended.value = undefined;
    session.value = { im: line, me: { name, isPassenger, id: known } };
    keep('sessionStorage', 'me', { name, isPassenger, id: known });
    if (!isPassenger) rememberName(name);
  } catch (error) {
    line.close();
    for (const finish of enders) finish();
    throw error;
  }
}

export function leave(): void {
  im().close();
  keep('sessionStorage', 'me', undefined);
  end(undefined);
}

function end(why: Failure | undefined): void {
  if (why) keep('sessionStorage', 'me', undefined);
  ended.value = why;
  session.value = undefined;
  for (const finish of enders) finish();
}

/** What is unsent belongs to the tab: another tab of the same person has its own. */
function drawer(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

function within<T>(promise: Promise<T>, ms = 10_000): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('late')), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function rememberName(name: string): void {
  names.value = [name, ...names.value.filter((other) => other !== name)].slice(0, namesMax);
  keep('localStorage', 'names', names.value);
}

export function forgetName(name: string): void {
  names.value = names.value.filter((other) => other !== name);
  keep('localStorage', 'names', names.value);
}
