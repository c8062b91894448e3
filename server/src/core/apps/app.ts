// An app is one tenant: its keys, its settings, and all data that carries its number.
import type { SettingOverrides, Settings } from './settings.ts';

export type App = {
  /** Key of every row of this app. Never reused. */
  readonly no: number;
  /** AppId of MaxLeap and LeanCloud, appKey of JMessage. */
  readonly id: string;
  readonly name: string;
  readonly clientKey: string;
  readonly masterKey: string;
  /** Further keys that count as client keys (a vendor's JavaScript and REST keys). */
  readonly extraKeys: readonly string[];
  /** 32 hex digits, made once and never changed: message ids of one door are enciphered with it. */
  readonly idKey: string;
  readonly overrides: SettingOverrides;
  /** Defaults and overrides together. */
  readonly settings: Settings;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type NewApp = {
  readonly id: string;
  readonly name?: string;
  readonly clientKey: string;
  readonly masterKey: string;
  readonly extraKeys?: readonly string[];
};

export type AppChange = {
  readonly name?: string;
  readonly clientKey?: string;
  readonly masterKey?: string;
  readonly extraKeys?: readonly string[];
  /** `null` puts a setting back to its default. */
  readonly settings?: { readonly [name: string]: unknown };
};

export interface AppReads {
  /** Source of truth for credentials; undefined when there is no such app. */
  byId(id: string): Promise<App | undefined>;
  /** All apps, oldest first. A server holds tens to hundreds, so there is no paging. */
  list(): Promise<App[]>;
}

export interface AppWrites {
  /** Adds the app, or changes its keys when the id exists (HONGYAN_APPS is the operator's word). Idempotent. */
  put(app: NewApp & { idKey: string }): Promise<App>;
  /** Throws `app-not-found`. Settings are checked by the caller (apps/change.ts). */
  change(id: string, change: Omit<AppChange, 'settings'> & { overrides?: SettingOverrides }): Promise<App>;
  /**
   * Removes the app and up to `rows` rows of its data; `done` when nothing is left. Credentials die with the first call.
   * The caller repeats it until done, so that one large app does not hold up the commits of the others.
   */
  remove(id: string, rows: number): Promise<{ done: boolean }>;
}
