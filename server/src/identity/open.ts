import type { Clock } from '../core/ports/clock.ts';
import type { Identity } from '../core/ports/identity.ts';
import type { openOidc } from './oidc.ts';
import { askProvider } from './userinfo.ts';

export function openIdentity(clock: Clock): Identity {
  let verify: Promise<ReturnType<typeof openOidc>> | undefined;
  return {
    async identify(provider, proof) {
      if (provider.kind !== 'oidc') return askProvider(provider, proof);
      // With the first token: most servers never see one, and the library is large.
      verify ??= import('./oidc.ts').then((module) => module.openOidc(clock));
      return (await verify)(provider, proof);
    },
  };
}
