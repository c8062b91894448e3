// What goes wrong with accounts, in the numbers of MaxLeap's account service. Its page shows `code` and `error`, its
// JavaScript client reads `errorCode` and `errorMessage`: an answer carries all four.
import { ImError } from '../../../core/errors.ts';
import { errorAnswer } from '../errors.ts';

export type AccountError = {
  /** The core's. */
  readonly code: string;
  readonly status: number;
  readonly body: {
    readonly code: number;
    readonly error: string;
    readonly errorCode: number;
    readonly errorMessage: string;
  };
};

type Row = readonly [code: number, status: number];

const malformed: Row = [107, 400];
const unauthorised: Row = [401, 401];
const noPermission: Row = [90_000, 403];
const unknownUser: Row = [211, 404];

/** By what an argument names. */
const missing: Readonly<Record<string, Row>> = {
  username: [200, 400],
  password: [201, 400],
  phone: [127, 400],
  email: [125, 400],
};
const illFormed: Readonly<Record<string, Row>> = { ...missing, password: malformed };
const taken: Readonly<Record<string, Row>> = {
  username: [202, 400],
  phone: [240, 400],
  email: [203, 400],
  provider: [208, 400],
};
const unproven: Readonly<Record<string, Row>> = {
  account: [211, 400],
  password: [210, 400],
  code: [301, 400],
  provider: [253, 400],
  token: [90_100, 401],
  key: [90_102, 401],
};

function rowOf({ code, details }: ImError): Row | undefined {
  const of = (rows: Readonly<Record<string, Row>>, other: Row): Row => rows[details.what ?? ''] ?? other;
  switch (code) {
    case 'invalid-argument':
      return of(details.why === 'missing' ? missing : illFormed, malformed);
    case 'too-long':
      return of(illFormed, malformed);
    case 'too-large':
      return malformed;
    case 'conflict':
      return of(taken, [202, 400]);
    case 'unauthenticated':
      return of(unproven, unauthorised);
    case 'session-expired':
      return [90_101, 401];
    case 'forbidden':
    case 'feature-off':
    case 'disabled':
      return noPermission;
    case 'rate-limited':
      return [155, 429];
    case 'user-not-found':
      return unknownUser;
    case 'passenger-not-found':
      return [101, 404];
    case 'unavailable':
      return [1, 503];
    default:
      return undefined;
  }
}

/** Says any error as the account service does. */
export function accountError(error: unknown): AccountError {
  const row = error instanceof ImError ? rowOf(error) : undefined;
  const { code: core, status, body } = errorAnswer(error);
  const [code, said] = row ?? [body.errorCode, status];
  return {
    code: core,
    status: said,
    body: { code, error: body.errorMessage, errorCode: code, errorMessage: body.errorMessage },
  };
}
