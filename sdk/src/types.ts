// What an application sees of the modern face; the REST surface is in types-rest.ts.
import type { Surface } from './types-rest.ts';

export type Kind = 'friend' | 'group' | 'room' | 'passenger' | 'stranger';

/** A place as it stands on the wire: 0 friend, 1 group, 2 room, 3 passenger, 4 stranger. */
export type Place = { id: string; type: 0 | 1 | 2 | 3 | 4 };

export type Where =
  | { friend: string }
  | { group: string }
  | { room: string }
  | { passenger: string }
  | { stranger: string };

export type State = 'connecting' | 'online' | 'offline' | 'refused' | 'closed';

export type Attributes = Record<string, unknown>;

/**
 * Why not. `code`: the server's numbers, 5001–5012; 0 for what was closed or cancelled here. `status` and `text` of an
 * HTTP answer. The network's own errors have none of them.
 */
export type Failure = Error & { code?: number; status?: number; text?: string };

export type MessageKind = 'text' | 'image' | 'audio' | 'video' | 'file' | 'other';

export type FileFacts = { name?: string; type?: string; size?: number };

/** What was said. */
export type Words = {
  kind: MessageKind;
  /** The number of the wire: 0 text, 1 image, 2 audio, 3 video; others are an application's own. */
  media: number;
  /** The text, or the file's URL, as the wire carries it. */
  body: string;
  text?: string;
  url?: string;
  /** Of an image, when the server could make one. */
  thumb?: string;
  file?: FileFacts;
  remark?: string;
};

export type Message = Words & {
  talk: Talk;
  /** Id of who said it. */
  from: string;
  /** Said by this user on another device, or in an earlier page. */
  own: boolean;
  /** Its place in the conversation's order and its name there, ms. */
  ts: number;
  /** When it was last edited, ms. */
  edited?: number;
  ref?: string;
  raw: RawMessage;
};

/** A message as MaxLeap's clients know it. */
export type RawMessage = {
  from: { id: string; type: number; gid?: string };
  to: Place;
  content: { media: number; body: string };
  remark?: string;
  ts: number;
};

/** A picked file, a Blob, raw bytes, a ready form, or `{uri}` of React Native and of mini programs. */
export type FileLike = Blob | FormData | ArrayBuffer | ArrayBufferView | { uri: string; name?: string; type?: string };

/** A text, or one file: a picked one, or the URL of one that is uploaded already. */
export type What =
  | string
  | { text: string; remark?: string }
  | { image: FileLike | string; remark?: string }
  | { audio: FileLike | string; remark?: string }
  | { video: FileLike | string; remark?: string }
  | { file: FileLike | string; name?: string; remark?: string }
  | { media: number; body: string; remark?: string };

export type Push = {
  enable?: boolean;
  sound?: string;
  prefix?: string;
  suffix?: string;
  overwrite?: string;
  badge?: number;
  contentAvailable?: boolean;
};

export type OutgoingState = 'uploading' | 'sending' | 'sent' | 'failed' | 'cancelled';

/** A message on its way. `sending` also while it waits for a connection. */
export type Outgoing = {
  readonly ref: string;
  readonly talk: Talk;
  readonly what: What;
  readonly state: OutgoingState;
  /** Of an upload, 0 … 1. */
  readonly progress: number;
  /** As the others will see it; absent while its file is still being uploaded. */
  readonly words?: Words;
  /** Given by the server: since then it is committed. */
  readonly ts?: number;
  readonly error?: Failure;
  /** Once more after a failure, behind what waits by now. Never sent twice: the reference stays. */
  retry(): void;
  /** True when it was not on its way yet: nobody will see it. */
  cancel(): boolean;
  /** Resolves when sent; rejects when failed or cancelled. A retry makes a new one. */
  readonly done: Promise<Outgoing>;
};

export type Change = { talk: Talk; from: string; own: boolean; ts: number; edited: number };

export type Events = {
  state: State;
  message: Message;
  edited: Message;
  recalled: Change;
  typing: { talk: Talk; from: string };
  read: { talk: Talk; from: string; own: boolean; ts: number };
  system: Words & { ts: number; raw: unknown };
  presence: { id: string; online: boolean; friend: boolean };
  members: { talk: Talk; added: string[]; removed: string[]; deleted: boolean };
  friends: { id: string; added: boolean };
  outbox: Outgoing;
  login: { success: boolean; id?: string; error?: number; errorMessage?: string; session?: string };
};

export type TalkInfo = {
  talk: Talk;
  name?: string;
  recent?: Message;
  unread: number;
  mentioned?: boolean;
  readTs: number;
  peerReadTs?: number;
  ts: number;
};

export type Talk = {
  readonly kind: Kind;
  readonly id: string;
  readonly place: Place;
  /** The same for the same conversation, e.g. `group:7c9f…`. */
  readonly key: string;
  send(what: What, options?: { push?: Push }): Outgoing;
  /** Up to `limit` (20, at most 100) messages before a moment (now), oldest first. Rooms keep none. */
  history(options?: { before?: number; limit?: number }): Promise<Message[]>;
  /** Tells the others, at most once a second; lost when offline. */
  typing(): void;
  /** Moves the read mark, never back. */
  read(ts: number): Promise<unknown>;
  /** Read marks of a group's members. */
  reads(): Promise<Record<string, number>>;
  edit(ts: number, what: What): Promise<{ ts: number; editedTs: number }>;
  recall(ts: number): Promise<{ ts: number; editedTs: number }>;
  /** Everything that arrives from now on; ends when the connection is closed for good. */
  messages(): AsyncIterableIterator<Message>;
};

export type Line = { send(text: string): void; close(): void };

export type RequestOptions = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string | FormData;
  /** Instead of a body: what to upload. */
  file?: FileLike;
  onProgress?: (part: number) => void;
  signal?: AbortSignal;
};

/** What the SDK needs of its surroundings; each part may be replaced. */
export type Transport = {
  /** A WebSocket of text frames. `onClose` is called when it ends, or never came about. */
  open(url: string, onText: (text: string) => void, onClose: () => void): Line;
  /** An HTTP request; one with `file` is an upload, of one part in a form. Rejects only when there was no answer. */
  request(options: RequestOptions): Promise<{ status: number; text: string }>;
  /** Calls back when a try to connect is worth while: the network is back, the page is seen again. Answers how to stop. */
  onWake(wake: () => void): () => void;
};

/** `localStorage`, `sessionStorage`, React Native's AsyncStorage, or anything like them. */
export type KeyValue = {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): unknown;
};

export type Options = {
  /** Origin of the server; default: where the page comes from. */
  server?: string;
  appId: string;
  /** Any key of the app; in a browser the client key. */
  key: string;
  user?: string;
  username?: string;
  password?: string;
  phone?: string;
  /** The code that was sent to the phone. */
  code?: string;
  oauth?: object;
  /** Of an account: the session token that a login over REST answered. */
  session?: string;
  /** Asked before each connection for what else proves who this is, such as a fresh `{ token }` made by your server. */
  auth?: () => object | Promise<object>;
  passenger?: { id?: string } & Attributes;
  /** Id of this installation, for push. */
  install?: string;
  /** Announce this user's coming and going to everybody, not to friends alone. */
  notifyAll?: boolean;
  transport?: Partial<Transport>;
  /** Where there is no global one: Node before 22. */
  WebSocket?: unknown;
  /** Keeps unsent messages over a reload. */
  storage?: KeyValue;
  /** Smallest and largest bound of the random pause between two tries to connect; default 300 and 20,000. */
  retryMs?: [number, number];
};

/** One user's connection. */
export type Im = Surface & { [K in Kind]: (id: string) => Talk } & {
  /** Who is logged in; empty until the server named a passenger or an account. */
  readonly id: string;
  readonly state: State;
  /** Why it is refused or closed. */
  readonly error: Failure | undefined;
  /** What is not sent yet, in the order it was said; failed ones stay until retried or cancelled. */
  readonly outbox: readonly Outgoing[];
  /** The id, after the first login; rejects when refused. */
  readonly ready: Promise<string>;
  /** Answers how to stop. */
  on<N extends keyof Events>(name: N, callback: (value: Events[N]) => void): () => void;
  conversation(where: Where): Talk;
  /** Direct talks and groups, newest first, with what is unread. */
  conversations(options?: { before?: number; limit?: number }): Promise<TalkInfo[]>;
  /** Says that now is a good moment to connect, where the surroundings do not. */
  wake(): void;
  close(): void;
};
