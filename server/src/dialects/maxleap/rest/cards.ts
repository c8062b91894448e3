// A member's attributes inside one group or room. Android asks for them without `/ctx`.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../../core/apps/app.ts';
import type { AttributesChange } from '../../../core/attributes.ts';
import { changeCard, openCard } from '../../../core/conversations/card.ts';
import type { Conversation } from '../../../core/conversations/conversation.ts';
import { openConversation } from '../../../core/conversations/open.ts';
import type { Core } from '../../../core/core.ts';
import { callerOf } from '../caller.ts';
import { objectOf } from './body.ts';
import { answer, created, gone } from './conventions.ts';
import { describe } from './describe.ts';
import { idIn } from './query.ts';
import * as shapes from './schemas.ts';

const tag = 'Member attributes';

export function cardRoutes(door: FastifyInstance, core: Core): void {
  for (const kind of ['group', 'room'] as const) {
    addRoutes(door, core, kind, `/ctx/:user/${kind}s/:${kind}`);
    addRoutes(door, core, kind, `/:user/${kind}s/:${kind}`);
  }
}

type Subject = { readonly app: App; readonly conversation: Conversation; readonly who: string };

function addRoutes(door: FastifyInstance, core: Core, kind: 'group' | 'room', url: string): void {
  const subjectOf = async (request: FastifyRequest): Promise<Subject> => {
    const { app } = callerOf(request);
    const conversation = await openConversation(core, app, kind, idIn(request, kind));
    return { app, conversation, who: idIn(request, 'user') };
  };
  const change = async (
    request: FastifyRequest,
    reply: FastifyReply,
    made: AttributesChange,
  ): Promise<FastifyReply> => {
    const { app, conversation, who } = await subjectOf(request);
    await changeCard(core, app, conversation, who, made);
    return request.method === 'DELETE' ? gone(reply) : created(reply);
  };

  door.get(
    url,
    { schema: describe(url, { tag, summary: 'Attributes of a member', answers: { 200: shapes.attributeMap } }) },
    async (request, reply) => {
      const { app, conversation, who } = await subjectOf(request);
      return answer(reply, await openCard(core, app, conversation, who));
    },
  );
  const setting = describe(url, {
    tag,
    summary: 'Set some',
    body: shapes.attributesBody,
    answers: { 201: shapes.empty },
  });
  door.post(url, { schema: setting }, (request, reply) =>
    change(request, reply, { mode: 'merge', values: objectOf(request) }),
  );
  const replacing = describe(url, {
    tag,
    summary: 'Replace all',
    body: shapes.attributesBody,
    answers: { 201: shapes.empty },
  });
  door.put(url, { schema: replacing }, (request, reply) =>
    change(request, reply, { mode: 'replace', values: objectOf(request) }),
  );
  const emptying = describe(url, { tag, summary: 'Remove all', answers: { 204: shapes.nothing } });
  door.delete(url, { schema: emptying }, (request, reply) => change(request, reply, { mode: 'replace', values: {} }));
}
