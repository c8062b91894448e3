// The connection: Engine.IO 4 and Socket.IO 5 as text frames over one WebSocket, kept up. Says when it is lost, comes
// back by itself, and repeats what was asked and not answered, in the order it was asked.
import { failure } from './rest.ts';
import type { Failure, Line, State, Transport } from './types.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes off the wire has many shapes
export type FromWire = any;

export type Call = {
  readonly answer: Promise<FromWire>;
  /** It may have reached the server. */
  tried: boolean;
  /** True when it was not tried yet, and now never will be. */
  cancel(): boolean;
};

export type Wire = {
  state(): State;
  error(): Failure | undefined;
  /** Waits for a connection, is repeated on the next one until it is answered; rejects when the answer is no. */
  ask(name: string, argument: unknown): Call;
  /** Now or never, without an answer. */
  tell(name: string, argument: unknown): void;
  /** Tries at once, instead of when the pause is over. */
  wake(): void;
  close(): void;
};

/** Unanswered calls on the wire at once: the server takes 2,000 of one session, and refuses more. */
const askedMax = 100;
/** How long an attempt to connect, and the answer to a message, may take. */
const answerMs = 10_000;
/** What a ping may come late. */
const lateMs = 10_000;
const chat = '/chat,';

type Asked = Call & { id: number; text: string; no(error: Failure): void; yes(value: FromWire): void; name: string };

/** `onEvent` hears `login` too. `least`, `most`: bounds of the random pause between two tries, ms. */
export function openLine(
  url: () => Promise<string>,
  transport: Transport,
  [least, most]: readonly [number, number] = [300, 20_000],
  onEvent: (name: string, argument: FromWire) => void,
  onState: (state: State) => void,
): Wire {
  let state: State = 'connecting';
  let link: Line | undefined;
  let calls: Asked[] = [];
  let ids = 0;
  let attempt = 0;
  let tries = 0;
  let pingMs = answerMs;
  let heardAt = 0;
  let error: Failure | undefined;
  let silence: ReturnType<typeof setTimeout>;
  let pause: ReturnType<typeof setTimeout>;

  const become = (next: State): void => {
    state = next;
    onState(next);
  };

  /** Nothing heard for so long: the connection is dead, whatever the system says. */
  const watch = (): void => {
    clearTimeout(silence);
    const waiting = state !== 'online' || calls.some(({ id, name }) => id && name === 'say');
    silence = setTimeout(lost, waiting ? answerMs : pingMs + lateMs);
  };

  const hangUp = (): void => {
    attempt++;
    clearTimeout(silence);
    clearTimeout(pause);
    for (const call of calls) call.id = 0;
    link?.close();
    link = undefined;
  };

  const lost = (): void => {
    hangUp();
    pause = setTimeout(open, Math.random() * Math.min(most, least * 2 ** tries++));
    become('offline');
  };

  const end = (last: State, why: Failure): void => {
    hangUp();
    unwake();
    error = why;
    become(last);
    for (const call of calls.splice(0)) call.no(why);
  };

  const open = (): void => {
    hangUp();
    become('connecting');
    watch();
    const mine = attempt;
    const gone = (): unknown => mine === attempt && lost();
    url().then((address) => {
      if (mine === attempt) link = transport.open(address, (text) => mine === attempt && hear(text), gone);
    }, gone);
  };

  const hear = (text: string): void => {
    heardAt = Date.now();
    const kind = text.slice(0, 2);
    const data = text.slice(2 + chat.length);
    if (text[0] === '0') {
      pingMs = JSON.parse(text.slice(1)).pingInterval;
      link?.send(`40${chat}`);
    } else if (text === '2') link?.send('3');
    else if (kind === '42') {
      const [name, argument] = JSON.parse(data);
      onEvent(name, argument);
      if (name === 'login') enter(argument);
    } else if (kind === '43') answered(data);
    else if (kind === '41') end('refused', error ?? failure(5003, 'refused'));
    if (link) watch();
  };

  const enter = (login: FromWire): void => {
    if (login.success) {
      tries = 0;
      become('online');
      flush();
    }
    // The server failed, not the credentials: worth another try.
    else if (login.error === 5002) lost();
    else end('refused', failure(login.error, login.errorMessage));
  };

  const answered = (data: string): void => {
    const at = data.indexOf('[');
    const call = calls.find(({ id }) => id === +data.slice(0, at));
    if (!call) return;
    const [value = {}] = JSON.parse(data.slice(at));
    calls = calls.filter((other) => other !== call);
    if (value.success) call.yes(value);
    else call.no(failure(value.error, value.errorMessage));
    flush();
  };

  const flush = (): void => {
    if (state !== 'online') return;
    for (const call of calls.slice(0, askedMax)) {
      if (call.id) continue;
      call.id = ++ids;
      call.tried = true;
      link?.send(`42${chat}${call.id}${call.text}`);
      if (call.name === 'say') watch();
    }
  };

  const wake = (): void => {
    if (state === 'offline' || (state === 'online' && Date.now() - heardAt > pingMs + 1_000)) open();
  };

  const unwake = transport.onWake(wake);
  queueMicrotask(() => error || open());

  return {
    state: () => state,
    error: () => error,
    ask(name, argument) {
      const call = { id: 0, tried: false, name, text: JSON.stringify([name, argument]) } as Asked;
      const answer = new Promise((yes, no) => Object.assign(call, { yes, no }));
      answer.catch(() => {});
      Object.assign(call, {
        answer,
        cancel() {
          if (call.tried) return false;
          calls = calls.filter((other) => other !== call);
          return true;
        },
      });
      if (error) call.no(error);
      else calls.push(call);
      flush();
      return call;
    },
    tell(name, argument) {
      if (state === 'online') link?.send(`42${chat}${JSON.stringify([name, argument])}`);
    },
    wake,
    close: () => end('closed', failure(0, 'closed')),
  };
}
