// What clients said to services, as rows of the class `_SysMessage`.
import type { App } from '../../core/apps/app.ts';
import type { JsonObject } from '../../core/json.ts';
import { midOf } from '../../core/messages/mid.ts';
import type { Upstream } from '../../core/services/service.ts';
import { iso } from './rows.ts';
import { dataOf } from './wire.ts';

/** Also how the application hears of it by its web hook. */
export function upstreamRow(app: App, upstream: Upstream, service: string): JsonObject {
  const { data, bin } = dataOf(upstream);
  const date = { __type: 'Date', iso: iso(upstream.createdAt) };
  return {
    objectId: upstream.no.toString(16).padStart(24, '0'),
    conv: { __type: 'Pointer', className: '_Conversation', objectId: service },
    msgId: midOf(app, upstream),
    from: upstream.who,
    fromIp: '',
    bin,
    data,
    timestamp: upstream.createdAt,
    createdAt: date.iso,
    updatedAt: date.iso,
  };
}
