// Counts by hour, day and month, in the zone of the app.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import type { MessageCount, Span } from '../../../core/statistics/statistic.ts';
import { appOf } from '../caller.ts';
import { badValue } from '../errors.ts';
import { fromTime } from '../times.ts';
import { integer } from './body.ts';
import { answer } from './conventions.ts';
import { describe } from './describe.ts';
import { wordOf } from './query.ts';
import * as shapes from './schemas-messages.ts';

const tag = 'Statistics';

/** How a unit's beginning is written, what completes it to a time, and how many of it may be asked for. */
const units = {
  HOUR: { form: /^\d{4}-\d\d-\d\d \d\d$/, rest: ':00:00', max: 24 },
  DAY: { form: /^\d{4}-\d\d-\d\d$/, rest: ' 00:00:00', max: 60 },
  MONTH: { form: /^\d{4}-\d\d$/, rest: '-01 00:00:00', max: 2 },
} as const;
type Unit = keyof typeof units;
type Step = Span & { readonly name: string };

const query = {
  time_unit: Type.String({ description: 'DAY; of messages HOUR and MONTH too', examples: ['DAY'] }),
  start: Type.String({ description: '`yyyy-MM-dd`, `yyyy-MM-dd HH` or `yyyy-MM`', examples: ['2026-03-01'] }),
  duration: Type.String({ description: 'How many: 60 days, 24 hours or 2 months at most', examples: ['3'] }),
};

export function statisticRoutes(door: FastifyInstance, core: Core): void {
  const people = describe('/v2/statistic/users', {
    tag,
    summary: 'Users, day by day',
    query,
    answers: { 200: shapes.userStatistics },
  });
  door.get('/v2/statistic/users', { schema: people }, async (request, reply) => {
    const app = appOf(request);
    const days = [];
    for (const { name, ...span } of stepsOf(request, app, ['DAY'])) {
      const { active, total, speaking, created } = await core.store.statistics.people(app.no, span);
      days.push({ date: name, active_users: active, total_users: total, send_msg_users: speaking, new_users: created });
    }
    return answer(reply, days);
  });

  const groups = describe('/v2/statistic/groups', {
    tag,
    summary: 'Groups, day by day',
    query,
    answers: { 200: shapes.groupStatistics },
  });
  door.get('/v2/statistic/groups', { schema: groups }, async (request, reply) => {
    const app = appOf(request);
    const days = [];
    for (const { name, ...span } of stepsOf(request, app, ['DAY'])) {
      const { active, total, created } = await core.store.statistics.groups(app.no, span);
      days.push({ date: name, active_group: active, total_group: total, new_group: created });
    }
    return answer(reply, days);
  });

  const messages = describe('/v2/statistic/messages', {
    tag,
    summary: 'Messages by hour, day or month, and by type',
    query,
    answers: { 200: shapes.messageStatistics },
  });
  door.get('/v2/statistic/messages', { schema: messages }, async (request, reply) => {
    const app = appOf(request);
    const rows = [];
    const all: MessageCount[] = [];
    for (const { name, ...span } of stepsOf(request, app, ['HOUR', 'DAY', 'MONTH'])) {
      const counts = await core.store.statistics.messages(app.no, span);
      all.push(...counts);
      rows.push({ time: name, group_send_msg: sumOf(counts, 'group'), single_send_msg: sumOf(counts, 'direct') });
    }
    return answer(reply, {
      send_msg_stat: rows,
      group_msg_stat: byType(all, 'group'),
      single_msg_stat: byType(all, 'direct'),
    });
  });
}

const sumOf = (counts: readonly MessageCount[], kind: MessageCount['kind'], ...types: MessageCount['content'][]) =>
  counts
    .filter((one) => one.kind === kind && (types.length === 0 || types.includes(one.content)))
    .reduce((sum, { count }) => sum + count, 0);

function byType(counts: readonly MessageCount[], kind: MessageCount['kind']) {
  const [text, image, voice] = [
    sumOf(counts, kind, 'text'),
    sumOf(counts, kind, 'image'),
    sumOf(counts, kind, 'audio'),
  ];
  const other = sumOf(counts, kind) - text - image - voice;
  return { txt_msg: text, image_msg: image, voice_msg: voice, other_msg: other };
}

function stepsOf(request: FastifyRequest, app: App, allowed: readonly Unit[]): Step[] {
  const unit = allowed.find((name) => name === wordOf(request, 'time_unit')?.toUpperCase());
  if (!unit) throw badValue(`time_unit must be ${allowed.join(', ')}`, 'time_unit');
  const { form, rest, max } = units[unit];
  const duration = integer(wordOf(request, 'duration'));
  if (duration === undefined || duration < 0 || duration > max)
    throw badValue(`duration must be a whole number from 0 to ${max}`, 'duration');
  const start = wordOf(request, 'start') ?? '';
  const zone = app.settings['jmessage.timezone'];
  if (!form.test(start) || fromTime(start + rest, zone) === undefined) throw badValue('start is no such time', 'start');
  return Array.from({ length: duration }, (_, n) => {
    const [name, next] = [later(start, unit, n), later(start, unit, n + 1)];
    const from = fromTime(name + rest, zone) ?? 0;
    return { name, from, to: fromTime(next + rest, zone) ?? from };
  });
}

/** So many units after a beginning, by the calendar: a day need not have 24 hours. */
function later(start: string, unit: Unit, n: number): string {
  const [year = 0, month = 1, day = 1, hour = 0] = start.split(/[- ]/).map(Number);
  const steps = { HOUR: [0, 0, n], DAY: [0, n, 0], MONTH: [n, 0, 0] } as const;
  const [months, days, hours] = steps[unit];
  const date = new Date(Date.UTC(year, month - 1 + months, day + days, hour + hours));
  return date.toISOString().replace('T', ' ').slice(0, start.length);
}
