// What many listeners hear is encoded once. Fields of a protobuf message may come in any order, so the one field that
// differs, the receiving client's id, is put behind the shared bytes.
import { binaryFrame, textFrame } from '../../../realtime/ws-frame.ts';
import { type Command, encodeCommand } from './frames.ts';

/** A command without its peerId. */
export type Packet = { readonly command: Command; bytes: Buffer | undefined };

export const packet = (command: Command): Packet => ({ command, bytes: undefined });

/** Frames of the two kinds that the subprotocols name: protobuf as it is, or as base64 text. */
export type FrameForm = 'binary' | 'base64';

/** The packet as one WebSocket frame for one client. */
export function frameFor(one: Packet, peerId: string | undefined, form: FrameForm): Buffer {
  one.bytes ??= encodeCommand(one.command);
  const tail = peerId === undefined ? noTail : encodeCommand({ peerId });
  if (form === 'binary') return binaryFrame(one.bytes, tail);
  return textFrame(Buffer.concat([one.bytes, tail]).toString('base64'));
}

const noTail = Buffer.alloc(0);
