import type { Clock } from '../core/ports/clock.ts';
import type { Identity } from '../core/ports/identity.ts';
import { openOidc } from './oidc.ts';
import { askProvider } from './userinfo.ts';

export function openIdentity(clock: Clock): Identity {
  const verify = openOidc(clock);
  return {
    identify: (provider, proof) => (provider.kind === 'oidc' ? verify(provider, proof) : askProvider(provider, proof)),
  };
}
