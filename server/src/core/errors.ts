// The one error type that use cases throw. A door turns it into its vendor's number by an exhaustive table; anything
// that is not an ImError is `internal`: it is logged with its cause, and the outside is told nothing.

/** Closed list. A new code that a door forgot does not compile there. */
export const imErrorCodes = [
  'invalid-argument', // details.why: 'syntax' | 'missing' | 'type'
  'too-long', // one value is longer than its limit
  'too-large', // details.what: 'body' | 'content' | 'search' | …
  'unauthenticated', // no, unknown or wrong credentials; never says which
  'session-expired',
  'signature-rejected',
  'app-not-found',
  'forbidden',
  'feature-off',
  'disabled',
  'user-not-found',
  'passenger-not-found',
  'conversation-not-found', // details.kind
  'conversation-expired',
  'message-not-found',
  'attribute-not-found',
  'relation-not-found', // no such friendship or stranger relation
  'media-not-found',
  'wrong-kind',
  'not-a-member',
  'already',
  'absent',
  'not-friends',
  'blocked',
  'silenced',
  'not-the-sender',
  'too-late',
  'already-recalled',
  'full', // details.what: 'members' | 'friends' | 'memberships' | …; details.max
  'owner-stays',
  'conflict', // details.what: 'self' | 'name' | 'reference' | …
  'rejected-by-app',
  'bad-words',
  'rate-limited',
  'unsupported',
  'bad-upload', // details.why: 'none' | 'size' | 'image' | 'storage'
  'unavailable',
  'internal',
] as const;

export type ImErrorCode = (typeof imErrorCodes)[number];

export type ImErrorDetails = {
  readonly what?: string;
  readonly why?: string;
  readonly kind?: string;
  readonly purpose?: 'send' | 'read' | 'edit' | 'change' | 'list' | 'login';
  readonly max?: number;
  readonly until?: number;
  readonly retryAfterMs?: number;
  /** Whose block it is: 'user' or 'conversation'. */
  readonly by?: 'user' | 'conversation';
  /** The kind that would have been right. */
  readonly needs?: string;
  /** What the application's own hook answered. */
  readonly appCode?: number;
};

export class ImError extends Error {
  override readonly name = 'ImError';
  readonly code: ImErrorCode;
  readonly details: ImErrorDetails;

  /** `message` is a short English sentence that may be shown to the caller: it never carries keys or message bodies. */
  constructor(code: ImErrorCode, message: string, details: ImErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}
