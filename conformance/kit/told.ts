// What tests ask the objects of LeanCloud's SDKs, in Node as in a browser: nothing here needs either.
import { eventually } from '../../server/test/kit/eventually.ts';
import type { AppKeys } from './server.ts';

// biome-ignore lint/suspicious/noExplicitAny: the SDKs are plain JavaScript, and so are their objects
export type Untyped = any;

/** What an object offers its user: the methods of its classes that are not marked as private. */
export function methodsOf(object: Untyped): string[] {
  const names = new Set<string>();
  for (
    let type = Object.getPrototypeOf(object);
    type && type !== Object.prototype;
    type = Object.getPrototypeOf(type)
  ) {
    const own = Object.getOwnPropertyNames(type);
    if (own.includes('listenerCount')) break;
    for (const name of own) {
      const { value } = Object.getOwnPropertyDescriptor(type, name) as PropertyDescriptor;
      if (typeof value === 'function' && name !== 'constructor' && !name.startsWith('_')) names.add(name);
    }
  }
  return [...names].sort();
}

/** Everything that an object tells of one event, in order. */
export function told(emitter: Untyped, event: string): Untyped[][] {
  const heard: Untyped[][] = [];
  emitter.on(event, (...args: Untyped[]) => heard.push(args));
  return heard;
}

export const once = async (what: string, heard: Untyped[][]): Promise<Untyped[]> =>
  (await eventually(what, () => heard.shift())) as Untyped[];

/** Calls of REST as an application's own server makes them. */
export async function master(
  base: string,
  app: AppKeys,
  method: string,
  path: string,
  body?: unknown,
): Promise<Untyped> {
  const answer = await fetch(base + path, {
    method,
    headers: {
      'X-LC-Id': app.id,
      'X-LC-Key': `${app.masterKey},master`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
