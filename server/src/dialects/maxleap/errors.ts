// What goes wrong, in MaxLeap's numbers. One row per core code: a code without a row does not compile.
import { ImError, type ImErrorCode, type ImErrorDetails } from '../../core/errors.ts';

/** The envelope of every answer that is not a success. */
export type ErrorBody = { readonly errorCode: number; readonly errorMessage: string };
export type ErrorAnswer = { readonly code: ImErrorCode; readonly status: number; readonly body: ErrorBody };

type Row = { readonly errorCode: number; readonly status: number };
const row = (errorCode: number, status: number): Row => ({ errorCode, status });

const badParameter = row(5001, 400);
const failed = row(5002, 500);
const badCredentials = row(5003, 401);
const notAllowed = row(5003, 403);
const missing = row(5004, 404);
const conflicting = row(5005, 409);
const limitReached = row(5008, 409);
const unknownOperation = row(5009, 404);
const tooLong = row(5010, 400);

const rows = {
  'invalid-argument': badParameter,
  'too-long': tooLong,
  'too-large': (details) => (details.what === 'body' ? row(5010, 413) : tooLong),
  unauthenticated: badCredentials,
  'session-expired': badCredentials,
  'signature-rejected': badCredentials,
  'app-not-found': badCredentials,
  forbidden: notAllowed,
  'feature-off': notAllowed,
  disabled: notAllowed,
  'user-not-found': missing,
  'passenger-not-found': missing,
  'conversation-not-found': missing,
  'conversation-expired': missing,
  'message-not-found': missing,
  'attribute-not-found': missing,
  'relation-not-found': missing,
  'media-not-found': missing,
  'wrong-kind': unknownOperation,
  'not-a-member': notAllowed,
  already: conflicting,
  absent: conflicting,
  'not-friends': notAllowed,
  blocked: notAllowed,
  silenced: notAllowed,
  'not-the-sender': notAllowed,
  'too-late': notAllowed,
  'already-recalled': missing,
  full: limitReached,
  'owner-stays': conflicting,
  conflict: conflicting,
  'rejected-by-app': notAllowed,
  'bad-words': badParameter,
  'rate-limited': row(5003, 429),
  unsupported: (details) => (details.why === 'method' ? row(5009, 405) : unknownOperation),
  'bad-upload': (details) => uploadRows[details.why ?? 'none'] ?? uploadRows.none,
  unavailable: row(5002, 503),
  internal: failed,
} satisfies Record<ImErrorCode, Row | ((details: ImErrorDetails) => Row)>;

const uploadRows: { readonly none: Row; readonly [why: string]: Row | undefined } = {
  none: row(5012, 400),
  size: row(5011, 413),
  image: row(5007, 400),
  storage: row(5006, 502),
};

/** Says any error in MaxLeap's words. What is not an ImError tells nothing; the caller logs it. */
export function errorAnswer(error: unknown): ErrorAnswer {
  const known = error instanceof ImError && error.code !== 'internal' ? error : undefined;
  if (!known)
    return {
      code: 'internal',
      status: failed.status,
      body: { errorCode: failed.errorCode, errorMessage: 'the server failed' },
    };
  const found: Row | ((details: ImErrorDetails) => Row) = rows[known.code];
  const { errorCode, status } = typeof found === 'function' ? found(known.details) : found;
  return { code: known.code, status, body: { errorCode, errorMessage: known.message } };
}

/** One answer for every kind of wrong credentials: it never says which part was wrong. */
export const badCredentialsError = (): ImError => new ImError('unauthenticated', 'unauthorised');

export const unknownPath = (): ImError => new ImError('unsupported', 'there is no such path');
export const unknownMethod = (): ImError =>
  new ImError('unsupported', 'this path does not take this method', { why: 'method' });

/** The same, in the words of login results and of callbacks on the socket. */
export function vendorError(error: unknown): { code: ImErrorCode; errorCode: number; errorMessage: string } {
  const { code, body } = errorAnswer(error);
  return { code, ...body };
}
