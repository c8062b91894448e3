import { ImError } from '../core/errors.ts';

/** One answer for every proof that does not hold. */
export const unproven = (): ImError =>
  new ImError('unauthenticated', 'the provider does not say that this is so', { what: 'provider', purpose: 'login' });
