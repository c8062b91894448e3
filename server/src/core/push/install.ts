// A device as pushes see it. Whose it is, is decided by who logged in on it last, or by who registered it.
import type { PrincipalKey } from '../ids.ts';
import type { JsonObject } from '../json.ts';

/** What a device says of itself. */
export type Registration = {
  readonly install: string;
  /** `ios`, `android`, `web`, or whatever the app's webhook knows. */
  readonly platform: string;
  readonly token: string;
  readonly language: string | null;
  readonly appVersion: string | null;
  /** Whatever else the application keeps with it; absent: what it kept stays. */
  readonly attributes?: JsonObject;
};

/** An install as it was registered. */
export type Registered = {
  readonly install: string;
  /** null: it is nobody's yet. */
  readonly who: PrincipalKey | null;
  readonly platform: string;
  readonly token: string;
  readonly attributes: JsonObject;
  readonly boundAt: number;
};

/** In the place of a user: an install that nobody has logged in on yet. No user and no passenger can be called so. */
export const nobodyOf = (install: string): PrincipalKey => `:install/${install}`;

export type Device = {
  readonly install: string;
  readonly who: PrincipalKey;
  /** null: it was only named at a login. */
  readonly platform: string | null;
  readonly token: string | null;
  /** The device's own, else the user's attribute `language`. */
  readonly language: string | null;
};

export interface InstallReads {
  /** Those that were registered, in the order of binding; of these ids, or of the app. */
  registered(
    app: number,
    page: { readonly ids?: readonly string[]; readonly skip: number; readonly limit: number },
  ): Promise<Registered[]>;
  /** Devices of these people, those of disabled users and logged-out ones left out; in no particular order. */
  of(app: number, who: readonly PrincipalKey[]): Promise<Device[]>;
  /** The same by their ids. */
  byIds(app: number, installs: readonly string[]): Promise<Device[]>;
  /** People with a device that can be told, by their keys; the first `limit` after `after`. */
  everybody(app: number, after: PrincipalKey | null, limit: number): Promise<PrincipalKey[]>;
  /** People of a conversation who want it delivered, by their keys; the first `limit` after `after`. */
  audience(app: number, conversation: number, after: PrincipalKey | null, limit: number): Promise<PrincipalKey[]>;
}

export interface InstallWrites {
  /** Binds the install to the user, as a login does; what had the same token before is the same device and goes. */
  register(app: number, who: string, registration: Registration, now: number): Promise<void>;
  /** The push service knows it no more: the install goes, unless it has another token by now. */
  forget(app: number, install: string, token: string): Promise<void>;
}
