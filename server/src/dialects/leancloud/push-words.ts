// What the absent are told instead of an app's own words, as the vendor's push requests say it.
import { isJsonObject, type Json } from '../../core/json.ts';
import type { PushWords } from '../../core/messages/message.ts';
import { parseJson } from '../../http/json.ts';

/** Keys with a meaning of their own; every other text is for the application on the device. */
const known = new Set(['alert', 'title', 'sound', 'badge', 'content-available']);

/** An object, or a text that holds one; any other text is what is shown. undefined: it says nothing. */
export function pushWordsOf(value: Json | undefined): PushWords | undefined {
  const json = typeof value === 'string' ? (objectIn(value) ?? value) : value;
  if (typeof json === 'string') return json === '' ? undefined : { overwrite: json };
  if (!isJsonObject(json)) return undefined;
  const { alert, title, sound, badge, 'content-available': available } = json;
  const shown = isJsonObject(alert) ? alert.body : alert;
  const above = isJsonObject(alert) ? alert.title : title;
  const extras = Object.entries(json).filter(
    (entry): entry is [string, string] =>
      !known.has(entry[0]) && !entry[0].startsWith('_') && typeof entry[1] === 'string',
  );
  return {
    ...(typeof shown === 'string' ? { overwrite: shown } : {}),
    ...(typeof above === 'string' ? { title: above } : {}),
    ...(typeof sound === 'string' ? { sound } : {}),
    ...(typeof badge === 'number' && Number.isSafeInteger(badge) ? { badge } : {}),
    ...(available === 1 || available === true ? { contentAvailable: true } : {}),
    ...(extras.length > 0 ? { extras: Object.fromEntries(extras) } : {}),
  };
}

function objectIn(text: string): Json | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
