// One request function, and the whole of the REST surface as tables of paths over it.
import type { Failure, FileLike, Transport } from './types.ts';
import type { Find, Surface, UploadOptions } from './types-rest.ts';

export type Rest = <T = unknown>(
  method: string,
  path: string,
  body?: unknown,
  upload?: UploadOptions & { file: FileLike },
) => Promise<T>;

export const failure = (code: number, message: string, more?: object): Failure =>
  Object.assign(new Error(message), { code }, more);

/** A query out of names and values; those that are undefined or empty are left out. */
export const query = (values: object): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== '')
    .map((pair, i) => (i ? '&' : '?') + pair.map(encodeURIComponent as (part: unknown) => string).join('='))
    .join('');

/** Resolves with the parsed answer, `{}` for an empty one; rejects with a Failure, or with what the network says. */
export const openRest =
  (server: string, appId: string, key: string, transport: Transport): Rest =>
  async (method, path, data, upload) => {
    const headers: Record<string, string> = { 'X-ML-AppId': appId, 'X-ML-APIKey': key };
    if (data) headers['Content-Type'] = 'application/json';
    const body = data ? JSON.stringify(data) : undefined;
    const { status, text } = await transport.request({ method, url: server + path, headers, body, ...upload });
    // biome-ignore lint/suspicious/noExplicitAny: a value of any shape, or an error's envelope
    let answer: any = {};
    try {
      answer = JSON.parse(text || '{}');
    } catch {}
    if (status > 199 && status < 300) return answer;
    throw failure(answer.errorCode ?? 0, answer.errorMessage ?? `HTTP ${status}`, { status, text });
  };

/** Fills a path: `$0` is the first argument, `@1` the second or else me, `?0` whether details are wanted. */
export const fill = (path: string, me: string, args: readonly unknown[]): string =>
  path.replace(/([$@?])(\d)/g, (_, sign, n) => {
    const value = args[n] ?? (sign === '@' ? me : '');
    return sign === '?' ? `?detail=${!!value}` : encodeURIComponent(value as string);
  });

// One call a line: its name, the method, the path, and which argument is the body. `~` stands for the kind of thing.
const things = `get GET ~/$0
attributes GET ~/$0/attributes/$1
setAttributes POST ~/$0/attributes 1
replaceAttributes PUT ~/$0/attributes 1
removeAttributes DELETE ~/$0/attributes/$1`;
const gatherings = `${things}
list GET /ctx/@1~?0
update PUT ~/$0 1
remove DELETE ~/$0
addMembers POST ~/$0/members 1
removeMembers DELETE ~/$0/members 1
join POST ~/$0/members/@1
leave DELETE ~/$0/members/@1`;
const friends = `list GET /ctx/@1/friends?0
get GET /ctx/@1/friends/$0
add POST /ctx/@1/friends/$0
remove DELETE /ctx/@1/friends/$0`;
const passengers = `put POST /passengers 0
get GET /passengers/$0`;
const system = `toAll POST /system 0
toUser POST /system/$0 1
toGroup POST /system/$0?group 1
toRoom POST /system/$0?room 1`;

export function surface(rest: Rest, me: () => string): Surface {
  const calls = (table: string, root = '') =>
    Object.fromEntries(
      table.split('\n').map((line) => {
        const [name, method, path, body] = line.replace('~', root).split(' ') as [string, string, string, string];
        // No body is named by no number: then there is no such argument.
        return [name, (...args: unknown[]) => rest(method, fill(path, me(), args), args[body as unknown as number])];
      }),
    );
  const kind = (table: string, root: string) => ({
    ...calls(table, root),
    find: ({ where, sort, skip, limit }: Find = {}) =>
      rest('GET', root + query({ _skip: skip, _limit: limit, _sort: sort, ...where })),
    // Rooms have no owner, and are not disturbed by one.
    create: (data: object) => rest('POST', root, { owner: me(), ...data }),
  });
  return {
    users: kind(things, '/ctx'),
    friends: calls(friends),
    groups: kind(gatherings, '/groups'),
    rooms: kind(gatherings, '/rooms'),
    passengers: calls(passengers),
    system: calls(system),
    upload: (file: FileLike, options?: UploadOptions) => rest('POST', '/attachment', undefined, { file, ...options }),
    call: rest,
  } as unknown as Surface;
}
