// Reports over HTTP, in their two generations: by offset, and by cursor.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import { appOf } from '../caller.ts';
import { cursorMsMax, openCursor, sealCursor } from '../cursor.ts';
import { badValue } from '../errors.ts';
import { isGroup, noGroup, noRoom } from '../gatherings.ts';
import { openNamed } from '../names.ts';
import {
  aboutUser,
  countReport,
  everything,
  inConversation,
  readReport,
  readReportAt,
  type Source,
  type Span,
} from '../report.ts';
import { toStored } from '../stored-form.ts';
import { fromTime } from '../times.ts';
import { integer } from './body.ts';
import { answer, on } from './conventions.ts';
import { describe, pageQuery } from './describe.ts';
import { numberIn, pageOf, segment, wordOf } from './query.ts';
import * as shapes from './schemas-messages.ts';

const tag = 'Reports';
const countMax = 1_000;
const dayMs = 86_400_000;
const spanMsMax = 7 * dayMs;

/** Asked for after the parameters were read. Throws when there is no such user, group or room. */
type Find = (core: Core, app: App, request: FastifyRequest) => Promise<Source>;

const ofUser: Find = async (core, app, request) => {
  const { id } = await openNamed(core, app, segment(request, 'username'));
  return aboutUser(core, app, id);
};

const ofGroup: Find = async (core, app, request) => {
  const no = numberIn(request, 'gid');
  const [key] = await core.store.conversations.keys(app.no, [no]);
  if (!key || !isGroup(key)) throw noGroup();
  return inConversation(no);
};

const ofRoom: Find = async (core, app, request) => {
  const no = numberIn(request, 'room');
  const [key] = await core.store.conversations.keys(app.no, [no]);
  if (key?.kind !== 'room') throw noRoom();
  return inConversation(no);
};

export function reportRoutes(door: FastifyInstance, core: Core): void {
  byOffset(door, core, '/v1/messages', 'What was said', async () => everything);
  byOffset(door, core, '/v1/users/:username/messages', 'What a user said, and was told alone', ofUser);
  byCursor(door, core, '/v2/messages', 'What was said', async () => everything);
  byCursor(door, core, '/v2/users/:username/messages', 'What a user said, and was told alone', ofUser);
  byCursor(door, core, '/v2/groups/:gid/messages', 'What was said in a group', ofGroup);
  byCursor(door, core, '/v2/chatrooms/:room/messages', 'What was said in a chat room', ofRoom);
}

const timeExample = '2026-03-01 09:00:00';
const timeQuery = {
  begin_time: Type.Optional(Type.String({ description: '`yyyy-MM-dd HH:mm:ss`, inclusive', examples: [timeExample] })),
  end_time: Type.Optional(Type.String({ description: '`yyyy-MM-dd HH:mm:ss`, inclusive', examples: [timeExample] })),
};

function byOffset(door: FastifyInstance, core: Core, url: string, summary: string, find: Find): void {
  const query = { ...pageQuery, ...timeQuery };
  const schema = describe(url, { tag, summary: `${summary}, by offset`, query, answers: { 200: shapes.messagePage } });
  door.get(url, { schema, config: on('messages') }, async (request, reply) => {
    const app = appOf(request);
    const page = pageOf(request, { countMax });
    const given = timesOf(request, app);
    const span = shownSpan(core, app, { from: given.from ?? 0, to: given.to ?? Number.MAX_SAFE_INTEGER });
    const source = await find(core, app, request);
    const total = await countReport(core, app, span, source);
    const found = page.start < total ? await readReportAt(core, app, span, source, page.start, page.count) : [];
    const messages = await toStored(core, app, found);
    return answer(reply, { total, start: page.start, count: messages.length, messages });
  });
}

function byCursor(door: FastifyInstance, core: Core, url: string, summary: string, find: Find): void {
  const words = {
    count: Type.Optional(Type.String({ description: 'At most so many, up to 1000', examples: ['100'] })),
    ...timeQuery,
    cursor: Type.Optional(Type.String({ description: 'Of the page before; stands alone' })),
  };
  const schema = describe(url, {
    tag,
    summary: `${summary}, by cursor`,
    description:
      'The first page names count and times, at most seven days apart; the others the cursor of the page before.',
    query: words,
    answers: { 200: shapes.messageCursorPage },
  });
  door.get(url, { schema, config: on('messages') }, async (request, reply) => {
    const app = appOf(request);
    const path = pathOf(request);
    const now = core.clock.now();
    const sealed = wordOf(request, 'cursor');
    const cursor = sealed === undefined ? undefined : openCursor(app, path, sealed, now);
    const { from, to, count } = cursor ?? firstPage(request, app);
    const source = await find(core, app, request);
    const span = shownSpan(core, app, { from, to });
    const total = cursor?.total ?? (await countReport(core, app, span, source));
    const page = await readReport(core, app, span, source, count, cursor?.after);
    const last = page.messages.at(-1);
    const next = { from, to, count, total, path, until: now + cursorMsMax };
    const more = page.more && last && { cursor: sealCursor(app, { ...next, after: { ts: last.ts, no: last.no } }) };
    const messages = await toStored(core, app, page.messages);
    return answer(reply, { total, ...more, count: messages.length, messages });
  });
}

const pathOf = (request: FastifyRequest): string =>
  `${request.routeOptions.url} ${Object.values(request.params as Record<string, string>).join(' ')}`;

function firstPage(request: FastifyRequest, app: App): Span & { count: number } {
  const count = integer(wordOf(request, 'count'));
  if (count === undefined || count < 1 || count > countMax)
    throw badValue(`count must be a whole number from 1 to ${countMax}`, 'count');
  const { from, to } = timesOf(request, app);
  if (from === undefined || to === undefined) throw badValue('begin_time and end_time are needed', 'begin_time');
  // The end is the whole second that it names.
  if (to - 999 - from > spanMsMax) throw badValue('begin_time and end_time are more than 7 days apart', 'end_time');
  return { from, to, count };
}

/** The last millisecond of the second that the end names. */
function timesOf(request: FastifyRequest, app: App): Partial<Span> {
  const from = timeIn(request, 'begin_time', app);
  const end = timeIn(request, 'end_time', app);
  if (from !== undefined && end !== undefined && end < from)
    throw badValue('end_time is before begin_time', 'end_time');
  return { ...(from === undefined ? {} : { from }), ...(end === undefined ? {} : { to: end + 999 }) };
}

function timeIn(request: FastifyRequest, name: string, { settings }: App): number | undefined {
  const text = wordOf(request, name);
  if (text === undefined) return undefined;
  const ms = fromTime(text, settings['jmessage.timezone']);
  if (ms === undefined) throw badValue(`${name} must be a time, yyyy-MM-dd HH:mm:ss`, name);
  return ms;
}

/** Only so far back as the app's reports go. */
function shownSpan(core: Core, { settings }: App, { from, to }: Span): Span {
  const days = settings['jmessage.historyDays'];
  return { from: days === 0 ? from : Math.max(from, core.clock.now() - days * dayMs), to };
}
