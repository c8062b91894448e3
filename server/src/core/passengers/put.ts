import type { App } from '../apps/app.ts';
import { assertAttributes } from '../attributes.ts';
import type { Core } from '../core.ts';
import { assertPlainId } from '../ids.ts';
import type { JsonObject } from '../json.ts';

/** Creates the passenger, or merges the attributes when the id exists. Answers the id. Throws `invalid-argument`, `too-long`. */
export async function putPassenger(
  core: Pick<Core, 'store' | 'clock'>,
  app: App,
  id: unknown,
  attributes: JsonObject,
): Promise<string> {
  assertPlainId(id, 'passenger id');
  assertAttributes(attributes);
  await core.store.passengers.put(app.no, id, attributes, core.clock.now());
  return id;
}
