// The variables of the bus between nodes.
import { Secret } from './secret.ts';

export type NatsConfig = {
  /** `host:port`. */
  readonly servers: readonly string[];
  readonly user: string | undefined;
  readonly pass: Secret | undefined;
  readonly token: Secret | undefined;
  readonly tls: boolean;
  readonly prefix: string;
};

type Problem = (name: string, sentence: string) => void;

const shape = 'is the address of a NATS server, such as nats://127.0.0.1:4222, or several separated by commas';

/** undefined when nothing is set, or (with problems told) when something is wrong. */
export function readNats(
  text: string | undefined,
  prefix: string | undefined,
  problem: Problem,
): NatsConfig | undefined {
  if (prefix !== undefined && !/^[\w-]+(\.[\w-]+)*$/.test(prefix))
    problem('NATS_PREFIX', 'is made of letters, digits, _ and -, in parts separated by dots');
  if (text === undefined) return undefined;
  const urls = text.split(',').map((part) => URL.parse(part.trim()));
  const plain = urls.filter(
    (url) => url !== null && /^(nats|tls):$/.test(url.protocol) && url.hostname !== '' && /^\/?$/.test(url.pathname),
  );
  const [first] = plain;
  if (!first || plain.length < urls.length) {
    problem('NATS_URL', shape);
    return undefined;
  }
  // One account at all of them: it stands in the first address.
  const { username, password } = first;
  const user = decodeURIComponent(username) || undefined;
  return Object.freeze({
    servers: plain.map((url) => `${url?.hostname}:${url?.port || 4222}`),
    user: password === '' ? undefined : user,
    pass: password === '' ? undefined : new Secret(decodeURIComponent(password)),
    token: password === '' && user !== undefined ? new Secret(user) : undefined,
    tls: first.protocol === 'tls:',
    prefix: prefix ?? 'hongyan',
  });
}
