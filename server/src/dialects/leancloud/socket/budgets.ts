// How often one client may do something on the socket, where its app asked for the limits.
import type { App } from '../../../core/apps/app.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { minuteMs, openWindows } from '../windows.ts';
import type { Command } from './frames.ts';

/** Figures of the vendor's documents, a minute. */
const messagesMax = 60;
const historyMax = 120;
const othersMax = 30;

/** What nobody waits for, and what keeps a session alive, costs nothing: SDKs send it by the clock. */
const free = new Set(['echo', 'ack', 'read', 'session', 'report', 'login', 'logout', 'data', 'presence']);

/** Throws `rate-limited` when the command's kind is used up. */
export type Spend = (app: App, who: string, command: Command) => void;

export function openBudgets(clock: Clock): Spend {
  const take = openWindows(clock);
  return ({ no, settings }, who, { cmd = '', op = '' }) => {
    if (!settings['leancloud.rateLimits'] || free.has(cmd)) return;
    const most = cmd === 'direct' ? messagesMax : cmd === 'logs' ? historyMax : othersMax;
    take(JSON.stringify([no, who, cmd, cmd === 'direct' || cmd === 'logs' ? '' : op]), minuteMs, most);
  };
}
