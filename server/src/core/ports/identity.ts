// Third parties that know who somebody is.
import type { Provider } from '../accounts/provider.ts';
import type { JsonObject } from '../json.ts';

export type Identified = {
  /** The third party's id of him, unique for the provider as it is configured. */
  readonly subject: string;
  readonly data: JsonObject;
};

export interface Identity {
  /**
   * `proof` is what the client brought: an `id_token`, or `access_token` with `id`. Throws `unauthenticated` (what: provider)
   * for a proof that does not hold, `unavailable` when the third party cannot be asked.
   */
  identify(provider: Provider, proof: JsonObject): Promise<Identified>;
}
