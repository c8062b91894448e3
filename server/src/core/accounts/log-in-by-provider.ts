import type { App } from '../apps/app.ts';
import type { Core } from '../core.ts';
import { ImError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Account, Link } from './account.ts';
import { assertUnlocked, countFailure } from './lock-out.ts';
import type { FirstLogin } from './log-in-by-code.ts';
import { assertEnabled } from './open.ts';
import { registerAccount } from './register.ts';

type Ports = Pick<Core, 'store' | 'passwords' | 'identity' | 'facts' | 'bus' | 'clock'>;

/**
 * The account that is linked to who a third party says this is; the first login makes and links it, or with `knownOnly` is
 * refused. `proofs`: what the client brought, by the name of the provider; the first one that the app knows counts. Throws
 * `unauthenticated` (what: provider, account), `unavailable`, `disabled`, and what registerAccount throws.
 */
export async function logInByProvider(
  core: Ports,
  app: App,
  proofs: JsonObject,
  { passenger, address, knownOnly }: FirstLogin & { readonly knownOnly?: boolean } = {},
): Promise<{ account: Account; created: boolean }> {
  const link = await identify(core, app, proofs, address);
  const known = await core.store.accounts.byProvider(app.no, link.provider, link.subject);
  if (known) {
    await assertEnabled(core, app, known);
    return { account: known, created: false };
  }
  if (knownOnly)
    throw new ImError('unauthenticated', 'nobody is linked to this', { what: 'account', purpose: 'login' });
  try {
    const account = await registerAccount(core, app, {
      self: true,
      link,
      ...(passenger === undefined ? {} : { passenger }),
    });
    return { account, created: true };
  } catch (error) {
    // Two first logins at once: the other one was first.
    const winner = await core.store.accounts.byProvider(app.no, link.provider, link.subject);
    if (winner && error instanceof ImError && error.code === 'conflict') return { account: winner, created: false };
    throw error;
  }
}

/** Adds a way to log in to an account. Throws `unauthenticated` (what: provider), `conflict` (what: provider), `unavailable`. */
export async function linkProvider(core: Ports, app: App, account: Account, proofs: JsonObject): Promise<void> {
  const link = await identify(core, app, proofs);
  await core.store.accounts.link(app.no, account.id, link, core.clock.now());
}

async function identify(core: Ports, app: App, proofs: JsonObject, address?: string): Promise<Link> {
  await assertUnlocked(core, app, { address });
  const { providers } = app.settings;
  for (const [name, proof] of Object.entries(proofs)) {
    const provider = providers && Object.hasOwn(providers, name) ? providers[name] : undefined;
    if (!provider) continue;
    if (!isJsonObject(proof)) throw unproven();
    try {
      const { subject, data } = await core.identity.identify(provider, proof);
      return { provider: name, subject, data };
    } catch (error) {
      if (error instanceof ImError && error.code === 'unauthenticated') await countFailure(core, app, { address });
      throw error;
    }
  }
  throw unproven();
}

const unproven = (): ImError =>
  new ImError('unauthenticated', 'no provider of this app says who this is', { what: 'provider', purpose: 'login' });
