// Polling clients of Socket.IO 1.x, and the Swift client that the iOS SDK builds on, encode the text of a payload as
// UTF-8 and then the whole body as UTF-8 again, and expect the same of the server. Clients of 2.x, which announce the
// same revision, do not. These two functions serve both without knowing which one it is.

/** JSON text with everything beyond ASCII escaped: it reads the same however often it is encoded and decoded. */
export const toAscii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text behind a text that was encoded twice: one of nothing but bytes that are, beyond ASCII, valid UTF-8. Others
 * stay as they are. Text that was meant to look like that ("Ã©") is the price.
 */
export function undouble(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[\u0100-\uffff]/.test(text)) return text;
  try {
    return strict.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}
