// The parent's end of a load process.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Place } from '../wires/wire.ts';

/** Everybody on one server. `to`: whom somebody talks to; who has none only listens. */
export type Crowd = {
  readonly wire: 'maxleap' | 'leancloud' | 'socket-io' | 'mqtt' | 'xmpp';
  readonly place: Place;
  /** `port`: of the node somebody comes in at, where there are several. */
  readonly people: readonly { readonly who: string; readonly to?: string; readonly port?: number }[];
  /** What lets a talker go on: the server's answer, or its partner's hearing where the wire has no answers. */
  readonly loop: 'acknowledged' | 'delivered';
  readonly atOnce?: number;
};

export type Drive = {
  /** The servers whose CPU is counted, with everything they started. */
  readonly pids: readonly number[];
  /** Groups of them whose shares are wanted. */
  readonly parts?: readonly (readonly number[])[];
  readonly warmMs: number;
  readonly windowMs: number;
  /** Messages in flight a talker (closed loop) … */
  readonly inFlight: number;
  /** … or, instead, so many a second of all talkers together. */
  readonly perSecond?: number;
};

export type Window = {
  readonly seconds: number;
  readonly acknowledged: number;
  readonly delivered: number;
  /** CPU-seconds of the servers. */
  readonly cpu: number;
  /** CPU-seconds of each of the parts that were asked for. */
  readonly parts?: readonly number[];
  /** Milliseconds: to the acknowledgement, or in rounds until the last one has heard it. */
  readonly p50: number;
  readonly p99: number;
  /** Of one core, what this process took: near 1 it, and not the server, was the limit. */
  readonly loadShare: number;
  /** What the server first refused; empty: nothing. */
  readonly refused: string;
};

type Calls = {
  enter: { given: Crowd; answer: { seconds: number } };
  drive: { given: Drive; answer: Window };
  rounds: { given: { pids: readonly number[]; count: number; burst: number; listeners: number }; answer: Window };
  idle: {
    given: { pids: readonly number[]; windowMs: number; everyMs: number };
    answer: { cpu: number; seconds: number; beats: number };
  };
  leave: { given: undefined; answer: { closed: number } };
};
export type Given<Name extends keyof Calls> = Calls[Name]['given'];
export type Asked = { [Name in keyof Calls]: { id: number; name: Name; given: Given<Name> } }[keyof Calls];

export type Load = {
  readonly pid: number;
  ask<Name extends keyof Calls>(name: Name, given: Given<Name>): Promise<Calls[Name]['answer']>;
  close(): void;
};

export function startLoad(): Load {
  const child: ChildProcess = fork(fileURLToPath(new URL('./load-process.ts', import.meta.url)), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  let next = 0;
  child.on('message', ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(answer);
    else one?.reject(new Error(error));
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the load process has ended'));
  });
  return {
    pid: child.pid as number,
    ask: (name, given) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        child.send({ id, name, given });
      }),
    close: () => child.disconnect(),
  };
}
