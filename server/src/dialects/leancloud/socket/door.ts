// The realtime door, put together.
import { openChat } from './chat.ts';
import type { ChatParts } from './client.ts';
import { leancloudDoor } from './encode.ts';
import { type Gateway, type GatewayOptions, openGateway } from './gateway.ts';
import { openRooms } from './rooms.ts';

export type DoorParts = Pick<ChatParts, 'core' | 'hub' | 'metrics'>;

export function openRealtime(parts: DoorParts, options: GatewayOptions = {}): Gateway {
  const { clock } = parts.core;
  const idKeys = new Map<number, string>();
  const chat = openChat({ ...parts, idKeys, door: leancloudDoor(idKeys, clock), rooms: openRooms(clock) });
  return openGateway(chat, options);
}
