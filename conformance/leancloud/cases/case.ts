// What a case stands on: two people of one SDK, a conversation of theirs, a room, a service and a temporary talk.
import type { World } from '../../../server/test/kit/world.ts';
import type { Untyped } from '../../kit/told.ts';

export type Stage = {
  readonly world: World;
  /** The SDK's module, and the first person's Realtime object. */
  readonly sdk: Untyped;
  readonly realtime: Untyped;
  /** The other person's copy of it. */
  readonly hisSdk: Untyped;
  /** Of typed messages, with the storage SDK that they need; both people's clients have it. */
  readonly plugin: Untyped;
  readonly storage: Untyped;
  readonly tom: Untyped;
  readonly jerry: Untyped;
  /** Tom made it; Jerry is in. */
  readonly talk: Untyped;
  readonly hisTalk: Untyped;
  readonly room: Untyped;
  readonly service: Untyped;
  readonly temporary: Untyped;
};

export type Cases = { readonly [method: string]: (stage: Stage) => Promise<void> };
