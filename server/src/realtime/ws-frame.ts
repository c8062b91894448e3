// WebSocket frames as a server sends them, built once and written to any number of sockets.

const opcodes = { text: 0x81, binary: 0x82 } as const;

/** One final, unmasked text frame (RFC 6455 §5.2). */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const frame = headedFrame(opcodes.text, bytes);
  frame.write(text, frame.length - bytes);
  return frame;
}

/** One final, unmasked binary frame of all parts, one after the other. */
export function binaryFrame(...parts: readonly Uint8Array[]): Buffer {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = headedFrame(opcodes.binary, bytes);
  let at = frame.length - bytes;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** A frame with its head written and room for `bytes` of payload at its end. */
function headedFrame(opcode: number, bytes: number): Buffer {
  const headBytes = bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headBytes + bytes);
  frame[0] = opcode;
  if (headBytes === 2) {
    frame[1] = bytes;
  } else if (headBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(bytes, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(bytes / 2 ** 32), 2);
    frame.writeUInt32BE(bytes % 2 ** 32, 6);
  }
  return frame;
}
