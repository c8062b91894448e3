// The face that applications of MaxLeap IM know: `ML.im(options, callback)`, functions with callbacks, chained sending.
// A thin layer: everything is done by the modern face.

import { connect } from './index.ts';
import { query } from './rest.ts';
import type { FileLike, Im, KeyValue, Options, Outgoing, RawMessage, Transport, What } from './types.ts';
import type { Announcement, Members } from './types-rest.ts';
import { version } from './version.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers have the shapes that the REST API gives them
export type Anything = any;
export type Callback<T = Anything> = (error: Anything, data?: T) => void;
export type LoginResult = { success: boolean; id?: string; error?: number; errorMessage?: string; session?: string };

export type MlOptions = {
  appId: string;
  /** A key of the app, in spite of its name. */
  clientId: string;
  /** Origin of the server; default: where the page comes from. */
  server?: string;
  userId?: string;
  username?: string;
  password?: string;
  phone?: string;
  oauth?: object;
  passenger?: { id?: string; [attribute: string]: unknown };
  /** A session token, and proofs that are asked for before each connection: as `connect` takes them. */
  session?: Options['session'];
  auth?: Options['auth'];
  retryMs?: Options['retryMs'];
  installId?: string;
  notifyAll?: boolean;
  /** Taken and not needed: `server` says where. */
  region?: string;
  transport?: Partial<Transport>;
  WebSocket?: unknown;
  storage?: KeyValue;
};

type Data = Record<string, unknown>;
type File = FileLike | string;

/** `done(promise, callback)`: an error is the text of the answer, as the SDK of 2016 gave it. */
function done<T>(promise: Promise<T>, callback?: Callback<T>): void {
  promise.then(
    (data) => callback?.(null, data),
    (error) => callback?.(error.text || error),
  );
}

function faceOf(im: () => Im) {
  let to: [string, string];
  let what: What | undefined;
  type Things = Im['users'];
  type Gatherings = Im['groups'];

  const chats = (words: string[], ts: unknown, limit: unknown, callback: Callback<Data[]>): void =>
    done(
      im().call('GET', words.map((word) => `/${encodeURIComponent(word)}`).join('') + query({ ts, limit })),
      callback as Callback,
    );
  const find =
    (root: 'users' | 'groups' | 'rooms') =>
    (size: number, skip: number, sort: string, data: Data, callback: Callback<Data[]>): void =>
      done((im()[root] as Things).find({ where: data, limit: size, skip, sort }) as Promise<never>, callback);
  const attributes = (root: 'users' | 'groups' | 'rooms') => {
    const things = (): Things => im()[root] as Things;
    return {
      set: (id: string, data: Data, callback?: Callback): void => done(things().setAttributes(id, data), callback),
      cover: (id: string, data: Data, callback?: Callback): void =>
        done(things().replaceAttributes(id, data), callback),
      get: (id: string, callback: Callback<Data>): void => done(things().attributes(id), callback),
      one: (id: string, name: string, callback: Callback): void => done(things().attributes(id, name), callback),
      rm: (id: string, callback?: Callback): void => done(things().removeAttributes(id), callback),
    };
  };
  const gathering = (root: 'groups' | 'rooms') => {
    const all = (): Gatherings => im()[root] as Gatherings;
    return {
      add: (data: Data, callback?: Callback<string>): void => done(all().create(data), callback),
      get: (id: string, callback: Callback): void => done(all().get(id), callback),
      update: (id: string, data: Data, callback?: Callback): void => done(all().update(id, data), callback),
      rm: (id: string, callback?: Callback): void => done(all().remove(id), callback),
      addMembers: (id: string, data: Members, callback?: Callback): void => done(all().addMembers(id, data), callback),
      rmMembers: (id: string, data: Members, callback?: Callback): void =>
        done(all().removeMembers(id, data), callback),
      list: (user: string, callback: Callback<Anything[]>, withDetail?: boolean): void =>
        done(all().list(!!withDetail, user), callback),
    };
  };
  const user = attributes('users');
  const groupMap = attributes('groups');
  const roomMap = attributes('rooms');
  const group = gathering('groups');
  const room = gathering('rooms');

  const face = {
    userInfo: (id: string, callback: Callback): void => done(im().users.get(id), callback),
    searchUsers: find('users'),
    setUserAttributes: user.set,
    coverSetUserAttributes: user.cover,
    getUserAttributes: user.get,
    getUserOneAttribute: user.one,
    rmUserAttributes: user.rm,

    listFriends: (id: string, callback: Callback<Anything[]>, withDetail?: boolean): void =>
      done(im().friends.list(!!withDetail, id), callback),
    addFriend: (id: string, friend: string, callback?: Callback): void => done(im().friends.add(friend, id), callback),
    rmFriend: (id: string, friend: string, callback?: Callback): void =>
      done(im().friends.remove(friend, id), callback),
    getFriendshipInfo: (id: string, friend: string, callback: Callback): void =>
      done(im().friends.get(friend, id), callback),
    getRecentChat: (id: string, friend: string, ts: unknown, size: unknown, callback: Callback<Data[]>): void =>
      chats(['ctx', id, 'friends', friend, 'chats'], ts, size, callback),

    listGroups: group.list,
    addGroup: group.add,
    searchGroups: find('groups'),
    getGroup: group.get,
    updateGroup: group.update,
    rmGroup: group.rm,
    addGroupMembers: group.addMembers,
    rmGroupMembers: group.rmMembers,
    getGroupChat: (id: string, ts: unknown, size: unknown, callback: Callback<Data[]>): void =>
      chats(['groups', id, 'chats'], ts, size, callback),
    setGroupAttributes: groupMap.set,
    coverSetGroupAttributes: groupMap.cover,
    getGroupAttributes: groupMap.get,
    getGroupOneAttribute: groupMap.one,
    rmGroupAttributes: groupMap.rm,

    listRooms: room.list,
    addRoom: room.add,
    searchRooms: find('rooms'),
    getRoom: room.get,
    updateRoom: room.update,
    rmRoom: room.rm,
    addRoomMembers: room.addMembers,
    rmRoomMembers: room.rmMembers,
    setRoomAttributes: roomMap.set,
    coverSetRoomAttributes: roomMap.cover,
    getRoomAttributes: roomMap.get,
    getRoomOneAttribute: roomMap.one,
    rmRoomAttributes: roomMap.rm,

    sysToAll: (data: Announcement, callback?: Callback): void => done(im().system.toAll(data), callback),
    sysToUser: (id: string, data: Announcement, callback?: Callback): void =>
      done(im().system.toUser(id, data), callback),
    sysToGroup: (id: string, data: Announcement, callback?: Callback): void =>
      done(im().system.toGroup(id, data), callback),
    sysToRoom: (id: string, data: Announcement, callback?: Callback): void =>
      done(im().system.toRoom(id, data), callback),
    attachment: (data: FileLike, callback: Callback<string[]>): void => done(im().upload(data), callback),

    addOrModifyPassenger: (data: Data, callback?: Callback<string>): void => done(im().passengers.put(data), callback),
    getPassenger: (id: string, callback: Callback<Data>): void => done(im().passengers.get(id), callback),
    getPassengerRecentChat: (id: string, other: string, ts: unknown, size: unknown, callback: Callback<Data[]>): void =>
      chats(['passengers', id, 'chats', other], ts, size, callback),

    onMessage: (callback: (message: RawMessage) => void): void => {
      im().on('message', ({ own, raw }) => own || callback(raw));
    },
    yourself: (callback: (message: RawMessage) => void): void => {
      im().on('message', ({ own, raw }) => own && callback(raw));
    },
    online: (callback: (id: string) => void): void => {
      im().on('presence', ({ id, online, friend }) => friend && online && callback(id));
    },
    offline: (callback: (id: string) => void): void => {
      im().on('presence', ({ id, online, friend }) => friend && !online && callback(id));
    },
    sys: (callback: (message: Anything) => void): void => {
      im().on('system', ({ raw }) => callback(raw));
    },

    toFriend: (id: string) => aim('friend', id),
    toGroup: (id: string) => aim('group', id),
    toRoom: (id: string) => aim('room', id),
    toPassenger: (id: string) => aim('passenger', id),
    toStranger: (id: string) => aim('stranger', id),
    text: (text: string) => say({ text }),
    image: (image: File) => say({ image }),
    audio: (audio: File) => say({ audio }),
    video: (video: File) => say({ video }),
    mediaUrl: (data: { media: number; body: string }) => say(data),
    ok: (): Outgoing =>
      im()
        .conversation({ [to[0]]: to[1] } as never)
        .send(what as What),
    send: (): Outgoing => face.ok(),
  };
  const aim = (kind: string, id: string): typeof face => {
    to = [kind, id];
    return face;
  };
  const say = (next: What): typeof face => {
    what = next;
    return face;
  };
  return face;
}

export type MlFace = ReturnType<typeof faceOf>;
export type MlIm = MlFace & { readonly im: Im; readonly cache: { readonly options: MlOptions }; close(): void };

let last: Im | undefined;

/** Connects. `callback` hears the result of each login, also of those after a lost connection. */
function start(options: MlOptions, callback?: (login: LoginResult) => void): MlIm {
  const { clientId, userId, installId, ...rest } = { ...options };
  const im = connect({ ...rest, key: clientId, user: userId, install: installId });
  const cache = { options: { ...options } };
  im.on('login', (login) => {
    if (login.success) cache.options.userId = login.id;
    callback?.(login);
  });
  last = im;
  return Object.assign(
    faceOf(() => im),
    { im, cache, close: im.close },
  );
}

/** Also each function of an instance: it is done by the instance that was made last. */
export const im: typeof start & MlFace & { readonly version: string } = Object.assign(
  start,
  faceOf(() => {
    if (!last) throw new Error('there is no connection yet: call ML.im(options) first');
    return last;
  }),
  { version },
);
