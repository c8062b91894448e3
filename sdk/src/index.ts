// The modern face: one connection of one user, its conversations, and the REST surface, typed and with promises.
import { emitter } from './emitter.ts';
import { type FromWire, openLine } from './line.ts';
import { openOutbox } from './outbox.ts';
import { openRest, query, surface } from './rest.ts';
import { kinds, openTalks, placeOf } from './talks.ts';
import { transportOf } from './transport.ts';
import type { Events, Im, Kind, Options, Place, Talk } from './types.ts';

export type * from './types.ts';
export type * from './types-rest.ts';

/** Connects, and stays connected until `close()` or until the server refuses. Throws when an option is missing. */
export function connect(options: Options): Im {
  const {
    server: given,
    appId,
    key,
    user,
    passenger: guest,
    code,
    auth,
    storage,
    retryMs,
    transport: _,
    WebSocket: __,
    ...who
  } = options;
  const server = (given ?? globalThis.location?.origin ?? '').replace(/\/+$/, '');
  if (!appId || !key || !server) throw new Error('appId, key and server are needed');
  const transport = transportOf(options);
  const events = emitter<Events>();
  let passenger = guest;
  let id = user ?? passenger?.id ?? '';
  let session: string | undefined;
  const ready = new Promise<string>((yes, no) => {
    events.on('state', (state) => {
      if (state === 'online') {
        yes(id);
        outbox.resume();
      }
      if (!wire.error()) return;
      no(wire.error());
      talks.close();
    });
  });
  ready.catch(() => {});

  const url = async (): Promise<string> => {
    // Of a phone the server calls the code a password. It is good once: what the first login opened comes after it.
    const proof = session
      ? { session, oauth: undefined, phone: undefined, username: undefined }
      : code && { password: code };
    const given = { app: appId, sign: key, ext: 1, client: user, passenger, ...who, ...proof, ...(await auth?.()) };
    return `${server.replace(/^http/, 'ws')}/socket.io/${query({ auth: JSON.stringify(given) })}&EIO=4&transport=websocket`;
  };

  const onEvent = (name: string, data: FromWire): void => {
    if (name !== 'login') talks.hear(name, data);
    else if (data.success) {
      id = data.id;
      session ??= data.session;
      // Whom the server named comes back under that name.
      if (passenger) passenger = { ...passenger, id };
      talks.hold();
      outbox.restore(`hongyan:${appId}:${id}`).then(() => talks.enter(data));
    }
    if (name === 'login') events.emit(name, data);
  };

  const me = (): string => id;
  const rest = openRest(server, appId, key, transport);
  const wire = openLine(url, transport, retryMs, onEvent, (state) => events.emit('state', state));
  const faces = surface(rest, me);
  const outbox = openOutbox(
    wire,
    faces.upload,
    storage,
    (place) => talks.talkAt(place),
    (item) => events.emit('outbox', item),
    (place, ts, prev) => talks.said(place, ts, prev),
  );
  const talks = openTalks(wire, rest, events, outbox, me, !!passenger);
  const aliases = kinds.map((kind, type) => [kind, (id: string) => talks.talkAt({ id, type } as Place)]);

  return {
    ...faces,
    ...(Object.fromEntries(aliases) as Record<Kind, (id: string) => Talk>),
    get id() {
      return id;
    },
    get state() {
      return wire.state();
    },
    get error() {
      return wire.error();
    },
    get outbox() {
      return outbox.items();
    },
    ready,
    on: events.on,
    conversation: (where) => talks.talkAt(placeOf(where)),
    conversations: talks.conversations,
    wake: wire.wake,
    close: wire.close,
  };
}
