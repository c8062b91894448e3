// What many listeners hear is encoded once. Fields of a protobuf message may come in any order, so the one field that
// differs, the receiving client's id, is put behind the shared bytes.
import { binaryFrame, textFrame } from '../../../realtime/ws-frame.ts';
import { type Command, encodeCommand } from './frames.ts';
import { addressed, writeJson } from './json-frames.ts';

/** A command without its peerId, and what it is in each form once somebody needed it. */
export type Packet = { readonly command: Command; bytes: Buffer | undefined; json: string | undefined };

export const packet = (command: Command): Packet => ({ command, bytes: undefined, json: undefined });

/** Frames of the kinds that the subprotocols name: protobuf as it is, the same as base64 text, or JSON. */
export type FrameForm = 'binary' | 'base64' | 'json';

/** The packet as one WebSocket frame for one client. */
export function frameFor(one: Packet, peerId: string | undefined, form: FrameForm): Buffer {
  if (form === 'json') {
    one.json ??= writeJson(one.command);
    return textFrame(addressed(one.json, peerId));
  }
  one.bytes ??= encodeCommand(one.command);
  const tail = peerId === undefined ? noTail : encodeCommand({ peerId });
  if (form === 'binary') return binaryFrame(one.bytes, tail);
  return textFrame(Buffer.concat([one.bytes, tail]).toString('base64'));
}

const noTail = Buffer.alloc(0);
