// The REST surface, as an application sees it.
import type { Attributes, FileLike, Push } from './types.ts';

export type Find = { where?: Attributes; sort?: string; skip?: number; limit?: number };
export type UploadOptions = { onProgress?: (part: number) => void; signal?: AbortSignal };

export type User = {
  id: string;
  online: boolean;
  ts: number;
  attributes: Attributes;
  sessions?: number;
  installs?: string[];
  friends?: string[];
  groups?: string[];
  rooms?: string[];
};
export type Friendship = { id: string; from: string; to: string; ns: string; ts: number; online?: boolean };
export type Friend = { id: string; online: boolean; recent?: object };
export type Group = { id: string; owner: string; members: string[]; attributes: Attributes; ts: number; name?: string };
export type Room = { id: string; members: string[]; attributes: Attributes; ts: number; name?: string };

/** Kept beside users, groups and rooms. */
export type Things<T> = {
  get(id: string): Promise<T>;
  find(options?: Find): Promise<T[]>;
  attributes(id: string): Promise<Attributes>;
  /** The value of one; its absence rejects with 5004. */
  attributes(id: string, name: string): Promise<unknown>;
  /** Merges them into what is there. */
  setAttributes(id: string, map: Attributes): Promise<unknown>;
  /** Puts them in the place of what is there. */
  replaceAttributes(id: string, map: Attributes): Promise<unknown>;
  removeAttributes(id: string, name?: string): Promise<unknown>;
};

export type Members = readonly string[] | { members: readonly string[] };

export type Gatherings<T, New> = Things<T> & {
  /** Those this user is in (or another one, `of`). */
  list(detail?: false, of?: string): Promise<string[]>;
  list(detail: boolean, of?: string): Promise<T[]>;
  /** Answers the id. */
  create(data?: New): Promise<string>;
  /** `members` takes the place of the whole list. */
  update(id: string, data: Partial<New>): Promise<unknown>;
  remove(id: string): Promise<unknown>;
  addMembers(id: string, members: Members): Promise<unknown>;
  removeMembers(id: string, members: Members): Promise<unknown>;
  join(id: string, of?: string): Promise<unknown>;
  leave(id: string, of?: string): Promise<unknown>;
};

/** Kept nowhere: it reaches who is online. */
export type Announcement = { content: { media?: number; body: string }; remark?: string; push?: Push };

/** The REST surface. Where a last argument `of` is given, the call is about that user; else about who is logged in. */
export type Surface = {
  users: Things<User>;
  friends: {
    list(detail?: false, of?: string): Promise<string[]>;
    list(detail: boolean, of?: string): Promise<Friend[]>;
    get(id: string, of?: string): Promise<Friendship>;
    add(id: string, of?: string): Promise<Friendship>;
    remove(id: string, of?: string): Promise<unknown>;
  };
  /** Who is logged in owns a new one, unless `owner` says otherwise. */
  groups: Gatherings<Group, { owner?: string; name?: string; members?: string[]; attributes?: Attributes }>;
  rooms: Gatherings<Room, { name?: string; members?: string[] }>;
  passengers: {
    /** Answers the id. With an `id` inside it changes that one. */
    put(attributes: Attributes): Promise<string>;
    get(id: string): Promise<Attributes>;
  };
  system: {
    toAll(announcement: Announcement): Promise<unknown>;
    toUser(id: string, announcement: Announcement): Promise<unknown>;
    toGroup(id: string, announcement: Announcement): Promise<unknown>;
    toRoom(id: string, announcement: Announcement): Promise<unknown>;
  };
  /** The URLs of an uploaded file: itself, then its thumbnail when it is a picture. */
  upload(file: FileLike, options?: UploadOptions): Promise<string[]>;
  /** Any other call of the REST API, with this connection's credentials. Rejects with a Failure. */
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
};
