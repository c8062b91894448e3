// What happened to a client's conversations while it was away, for SDKs that ask after they came back.
import type { FastifyInstance } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { Core } from '../../../core/core.ts';
import type { CoreEvent } from '../../../core/events.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { parseJson } from '../../../http/json.ts';
import { type ConversationEvent, prepareConversation } from '../socket/encode-conversation.ts';
import type { Command } from '../socket/frames.ts';
import { answer, callerOf, paramsIn } from './conventions.ts';
import { receiptsSince } from './missed-receipts.ts';
import { integerOf, optionalText } from './params.ts';
import { clientOf } from './session-token.ts';

const pageMax = 100;
/** Numbers of the two kinds: about the client itself, and about others. */
const types = { permanent: 1, droppable: 2 } as const;

const told: Record<ConversationEvent['type'], true> = {
  'conversation-created': true,
  'conversation-changed': true,
  'members-added': true,
  'members-removed': true,
  'role-changed': true,
  silenced: true,
  unsilenced: true,
  blocked: true,
  unblocked: true,
};
const isTold = (event: CoreEvent): event is ConversationEvent => Object.hasOwn(told, event.type);

export function notificationRoutes(door: FastifyInstance, core: Core): void {
  door.get('/1.1/rtm/notifications', async (request, reply) => {
    const { app } = callerOf(request);
    const who = await clientOf(core, request);
    const params = paramsIn(request);
    const after = integerOf(params, 'start_ts') ?? 0;
    const type = optionalText(params, 'notification_type');
    if (type === 'permanent' || type === 'droppable')
      return answer(reply, pageOf(await since(core, app, who, after, types[type]), flatForm));
    const [permanent, droppable] = [
      await since(core, app, who, after, types.permanent),
      await since(core, app, who, after, types.droppable),
    ];
    const { notifications } = pageOf(droppable, hyphenForm);
    // What did not fit is gone for this caller: it asks for the newest of everything instead.
    return answer(reply, {
      permanent: pageOf(permanent, hyphenForm),
      droppable: { invalidLocalConvCache: droppable.hasMore, notifications },
    });
  });
}

type Found = { readonly commands: readonly Command[]; readonly hasMore: boolean };

/** A page never ends empty while there is more: the caller goes on from its last item. */
async function since(core: Core, app: App, who: string, start: number, type: number): Promise<Found> {
  const commands: Command[] = [];
  const listener = { id: '', who, ext: false };
  for (let after = start; ; ) {
    const { notices, more } = await core.store.notices.since(app.no, who, after, pageMax);
    for (const { event } of notices) {
      const said = isTold(event) ? prepareConversation(event)?.(listener) : undefined;
      const own = said?.packets.map(({ command }) => command) ?? [];
      commands.push(...own.filter(({ notificationType }) => notificationType === type));
    }
    const last = notices.at(-1)?.ts ?? after;
    if (!more || commands.length >= pageMax) {
      if (type !== types.droppable) return { commands, hasMore: more };
      const receipts = await receiptsSince(core, app, who, start);
      // What comes behind this page is told with the next one.
      const due = more ? receipts.filter(({ serverTs = 0 }) => serverTs <= last) : receipts;
      return { commands: [...commands, ...due].sort(byTime), hasMore: more };
    }
    after = last;
  }
}

const byTime = (a: Command, b: Command): number => (a.serverTs ?? 0) - (b.serverTs ?? 0);

function pageOf({ commands, hasMore }: Found, form: (command: Command) => JsonObject) {
  return { hasMore, notifications: commands.map(form) };
}

function flatForm({ cmd, op, serverTs, notificationType, convMessage, rcpMessage }: Command): JsonObject {
  const words = JSON.parse(JSON.stringify({ cmd, op, serverTs, notificationType, ...convMessage, ...rcpMessage }));
  return words as JsonObject;
}

function hyphenForm(command: Command): JsonObject {
  const flat = flatForm(command);
  const opened = Object.fromEntries(
    (['attr', 'attrModified'] as const).flatMap((key): [string, Json][] => {
      const value = flat[key];
      return isJsonObject(value) && typeof value.data === 'string' ? [[key, parseJson(value.data)]] : [];
    }),
  );
  const { op } = flat;
  return { ...flat, ...opened, ...(typeof op === 'string' ? { op: op.replaceAll('_', '-') } : {}) };
}
