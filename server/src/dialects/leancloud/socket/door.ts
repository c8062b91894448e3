// The realtime door, put together.
import { openBudgets } from './budgets.ts';
import { openChat } from './chat.ts';
import type { ChatParts } from './client.ts';
import { leancloudDoor } from './encode.ts';
import { type Gateway, type GatewayOptions, openGateway } from './gateway.ts';

export type DoorParts = Pick<ChatParts, 'core' | 'hub' | 'metrics'>;

export function openRealtime(parts: DoorParts, options: GatewayOptions = {}): Gateway {
  const { core } = parts;
  const idKeys = new Map<number, string>();
  const chat = openChat({ ...parts, idKeys, door: leancloudDoor(idKeys, core), spend: openBudgets(core.clock) });
  return openGateway(chat, options);
}
