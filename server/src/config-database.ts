// The variable of the database that nodes share.
import { Secret } from './secret.ts';

type Problem = (name: string, sentence: string) => void;

const shape = 'is the address of a PostgreSQL database, such as postgres://user:password@127.0.0.1:5432/hongyan';

/** undefined when nothing is set, or (with the problem told) when something is wrong. */
export function readDatabase(text: string | undefined, problem: Problem): Secret | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '' && /^\/[^/]+$/.test(url.pathname))
    return new Secret(text);
  problem('DATABASE_URL', shape);
  return undefined;
}

/** As people may see it: without the password. */
export function shownDatabase(secret: Secret): string {
  const url = new URL(secret.reveal());
  url.password = '';
  url.search = '';
  return url.href;
}
