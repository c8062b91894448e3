// A node of its own process that does nothing but presence: it can be killed and paused as machines are.
//   presence-child.ts <url> <times as JSON>
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PresenceTimes } from '../../src/presence/node.ts';
import { openPostgresPresence } from '../../src/presence/postgres.ts';
import { within } from './eventually.ts';
import { quietLog } from './quiet-log.ts';

export type PresenceChild = {
  /** One session each, named after its principal. */
  enter(app: number, who: readonly string[]): Promise<void>;
  leave(app: number, who: string): Promise<void>;
  attend(app: number, room: number, who: readonly string[]): Promise<void>;
  mine(duty: string): Promise<boolean>;
  /** What it told of moves, as `<how> <who> <turned>`, sorted. */
  moved(): string[];
  pause(): void;
  resume(): void;
  kill(): void;
};

type Ask = { readonly act: string; readonly app?: number; readonly room?: number; readonly who?: readonly string[] };

export async function startPresenceChild(url: string, times: PresenceTimes): Promise<PresenceChild> {
  const path = fileURLToPath(import.meta.url);
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', path, url, JSON.stringify(times)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const moved: string[] = [];
  const answers: ((line: string) => void)[] = [];
  const next = (): Promise<string> =>
    within('the child answers', new Promise((resolve) => answers.push(resolve)), 15_000);
  const ready = next();
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    if (line.startsWith('moved ')) moved.push(line.slice(6));
    else answers.shift()?.(line);
  });
  await ready;
  const ask = (what: Ask): Promise<string> => {
    child.stdin?.write(`${JSON.stringify(what)}\n`);
    return next();
  };
  return {
    enter: async (app, who) => void (await ask({ act: 'enter', app, who })),
    leave: async (app, who) => void (await ask({ act: 'leave', app, who: [who] })),
    attend: async (app, room, who) => void (await ask({ act: 'attend', app, room, who })),
    mine: async (duty) => (await ask({ act: 'mine', who: [duty] })) === 'true',
    moved: () => [...moved].sort(),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill: () => void child.kill('SIGKILL'),
  };
}

async function serve(url: string, times: PresenceTimes): Promise<void> {
  const presence = await openPostgresPresence({ url, log: quietLog, times });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  presence.onMoved(async (some) => {
    for (const { how, who, turned } of some) say(`moved ${how} ${who} ${turned}`);
  });
  say('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const { act, app = 0, room = 0, who = [] } = JSON.parse(line) as Ask;
    if (act === 'mine') {
      say(String(await presence.duties.mine(who[0] ?? '')));
      continue;
    }
    await Promise.all(
      who.map((one) => {
        if (act === 'enter') return presence.enter(app, one, one, false);
        if (act === 'leave') return presence.leave(app, one, one);
        return presence.attend(app, room, one, one);
      }),
    );
    say('done');
  }
}

const [script, url = '', times = '{}'] = process.argv.slice(1);
if (script === fileURLToPath(import.meta.url)) await serve(url, JSON.parse(times));
