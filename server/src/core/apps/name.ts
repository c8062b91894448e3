import { ImError } from '../errors.ts';

const nameCharsMax = 128;

/** The name is for people only; it may be empty. */
export function assertName(name: string): void {
  if (name.length > nameCharsMax || /\p{Cc}/u.test(name)) {
    throw new ImError(
      'invalid-argument',
      `an app's name has at most ${nameCharsMax} characters and no control characters`,
      { what: 'name', max: nameCharsMax },
    );
  }
}
