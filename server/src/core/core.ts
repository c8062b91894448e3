// What the use cases stand on. A use case asks for the parts it touches: `Pick<Core, 'store' | 'bus'>`.

import type { AppRegistry } from './apps/registry.ts';
import type { Facts } from './messages/facts.ts';
import type { Blobs } from './ports/blobs.ts';
import type { Bus } from './ports/bus.ts';
import type { Clock } from './ports/clock.ts';
import type { Hooks } from './ports/hooks.ts';
import type { Identity } from './ports/identity.ts';
import type { Log } from './ports/log.ts';
import type { Passwords } from './ports/passwords.ts';
import type { Presence } from './ports/presence.ts';
import type { Sms } from './ports/sms.ts';
import type { Store } from './ports/store.ts';
import type { Thumbnails } from './ports/thumbnails.ts';
import type { WordMatchers } from './words/cache.ts';

export type Core = {
  readonly store: Store;
  readonly bus: Bus;
  readonly presence: Presence;
  readonly blobs: Blobs;
  readonly thumbnails: Thumbnails;
  readonly passwords: Passwords;
  readonly sms: Sms;
  readonly identity: Identity;
  /** What the applications want to decide or to hear themselves; absent: nothing is asked. */
  readonly hooks?: Hooks;
  readonly clock: Clock;
  readonly log: Log;
  /** Apps by id, remembered for a few seconds. */
  readonly apps: AppRegistry;
  /** What `send` has to know of conversations and pairs, remembered until it changes. */
  readonly facts: Facts;
  /** Matchers of the apps' sensitive words, remembered until they change. */
  readonly words: WordMatchers;
};
