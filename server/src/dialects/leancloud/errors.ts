// The core's errors in LeanCloud's numbers: over REST a status, a code and a text, on the socket a code and a name. One
// table for both; a new core code that is missing here does not compile.
import { ImError, type ImErrorCode } from '../../core/errors.ts';

/** Names by code, as they stand in the `reason` of a frame: the SDKs compare them. */
export const reasons = {
  4100: 'APP_NOT_AVAILABLE',
  4102: 'SIGNATURE_FAILED',
  4103: 'INVALID_LOGIN',
  4105: 'SESSION_REQUIRED',
  4106: 'BLACKLISTED',
  4109: 'FRAME_TOO_LONG',
  4110: 'INVALID_ORIGIN',
  4111: 'SESSION_CONFLICT',
  4112: 'SESSION_TOKEN_EXPIRED',
  4114: 'UNPARSEABLE_RAW_MESSAGE',
  4115: 'KICKED_BY_APP',
  4116: 'MESSAGE_SENT_QUOTA_EXCEEDED',
  4200: 'INTERNAL_ERROR',
  4302: 'CONVERSATION_SIGNATURE_FAILED',
  4303: 'CONVERSATION_NOT_FOUND',
  4304: 'CONVERSATION_FULL',
  4305: 'CONVERSATION_REJECTED_BY_APP',
  4306: 'CONVERSATION_UPDATE_FAILED',
  4308: 'CONVERSATION_NOT_ALLOWED',
  4309: 'CONVERSATION_UPDATE_REJECTED',
  4310: 'CONVERSATION_QUERY_FAILED',
  4312: 'CONVERSATION_LOG_REJECTED',
  4313: 'SYSTEM_CONVERSATION_REQUIRED',
  4314: 'NORMAL_CONVERSATION_REQUIRED',
  4315: 'CONVERSATION_TEMPORARY_BLACKLISTED',
  4316: 'TRANSIENT_CONVERSATION_REQUIRED',
  4317: 'CONVERSATION_MEMBERSHIP_REQUIRED',
  4320: 'CONVERSATION_OPERATION_UNAUTHORIZED',
  4321: 'UNKNOWN_CONVERSATION_ROLE',
  4324: 'CONVERSATION_NEED_OWNER',
  4325: 'CONVERSATION_MEMBER_INFO_FEATURE_DISABLED',
  4401: 'INVALID_MESSAGING_TARGET',
  4402: 'MESSAGE_REJECTED_BY_APP',
  4403: 'MESSAGE_OWNERSHIP_REQUIRED',
  4404: 'MESSAGE_NOT_FOUND',
  4405: 'MESSAGE_UPDATE_REJECTED_BY_APP',
  4406: 'MESSAGE_EDIT_DISABLED',
  4407: 'MESSAGE_RECALL_DISABLED',
  4408: 'MESSAGE_MODIFIED_BY_CENSORSHIP',
  4543: 'BLACKLIST_FULL',
  4544: 'BLACKLIST_FEATURE_DISABLED',
  4546: 'BLACKLIST_SIGNATURE_FAILED',
  4548: 'BLOCKED_BY_CONV',
  4561: 'SILIENCED_MEMBER_LIST_FULL',
  4563: 'SILIENCED',
} as const;

export type SocketCode = keyof typeof reasons;

/** `error` is a text to show; absent: the name of the code, else the error's own message. */
type Rest = { readonly status: number; readonly code: number; readonly error?: string };
type Row = (error: ImError) => { readonly rest: Rest; readonly socket: SocketCode };

/** A code of the socket's list over REST. */
const named = (status: number, code: SocketCode): { rest: Rest; socket: SocketCode } => ({
  rest: { status, code, error: reasons[code] },
  socket: code,
});
const plain = (status: number, code: number, socket: SocketCode, error?: string) => ({
  rest: { status, code, error },
  socket,
});

const classForbidden = 'Forbidden to read/write by class permissions';
const forbidden = 'Forbidden: master key required.';
const kinds: Record<string, SocketCode> = { service: 4313, group: 4314, room: 4316, pair: 4308 };
const lists: Record<string, SocketCode> = { members: 4304, blocks: 4543, silences: 4561, memberships: 4304 };
const features: Record<string, SocketCode> = { edit: 4406, recall: 4407, roles: 4325, blacklist: 4544 };
const signatures: Record<string, SocketCode> = { login: 4102, blacklist: 4546 };

/** Of accounts: what does not prove who somebody is. */
const proofs: Record<string, readonly [number, string]> = {
  account: [211, 'Could not find user.'],
  token: [211, 'Could not find user.'],
  password: [210, 'The username and password mismatch.'],
  code: [603, 'Invalid SMS code.'],
  provider: [251, 'Invalid third party credentials.'],
};
const invalidCodes: Record<string, number> = {
  key: 105,
  json: 107,
  body: 107,
  m: 117,
  username: 200,
  password: 201,
  email: 125,
  phone: 127,
};
const taken: Record<string, number> = { username: 202, email: 203, phone: 214, provider: 208 };

const table: Record<ImErrorCode, Row> = {
  'invalid-argument': ({ details: { why, what } }) =>
    plain(400, why === 'type' ? 111 : (invalidCodes[what ?? ''] ?? 1), invalid(what)),
  'too-long': () => plain(400, 1, 4103),
  'too-large': ({ details }) => (details.what === 'search' ? plain(400, 1, 4310) : named(400, 4109)),
  unauthenticated: ({ details: { purpose, what } }) => {
    const [code, text] = proofs[what ?? ''] ?? [];
    if (code !== undefined) return plain(400, code, 4102, text);
    return plain(401, 401, purpose === 'login' ? 4102 : 4105, 'Unauthorized.');
  },
  'session-expired': ({ details: { what } }) =>
    what === 'token' ? plain(400, 211, 4112, 'Could not find user.') : named(401, 4112),
  'signature-rejected': ({ details: { what } }) => named(401, signatures[what ?? ''] ?? 4302),
  'app-not-found': () => plain(401, 401, 4100, 'Unauthorized.'),
  forbidden: ({ details: { purpose, what } }) =>
    what === 'session'
      ? plain(403, 206, 4320, 'The user cannot be altered by a client without the session.')
      : plain(403, 403, forbiddenCode(purpose, what), what === 'class' ? classForbidden : forbidden),
  'feature-off': ({ details: { what } }) =>
    what === 'mail' ? plain(400, 1, 4200) : plain(403, 403, features[what ?? ''] ?? 4320),
  disabled: () => plain(403, 403, 4106, reasons[4106]),
  'user-not-found': () => plain(400, 211, 4401, 'Could not find user.'),
  'passenger-not-found': () => named(404, 4401),
  'conversation-not-found': ({ details: { purpose } }) => named(404, purpose === 'send' ? 4401 : 4303),
  'conversation-expired': () => named(404, 4303),
  'message-not-found': () => named(404, 4404),
  'attribute-not-found': () => plain(404, 101, 4306, "Class or object doesn't exists."),
  'relation-not-found': () => plain(404, 101, 4306, "Class or object doesn't exists."),
  'media-not-found': () => plain(404, 101, 4200, "Class or object doesn't exists."),
  'wrong-kind': ({ details: { needs } }) => named(400, kinds[needs ?? ''] ?? 4308),
  'not-a-member': ({ details: { purpose } }) =>
    named(403, purpose === 'send' ? 4401 : purpose === 'read' ? 4312 : purpose === 'change' ? 4309 : 4317),
  already: () => plain(400, 1, 4306),
  absent: ({ details: { what } }) => plain(400, what === 'where' ? 305 : 1, 4306),
  'not-friends': () => named(403, 4401),
  blocked: () => named(403, 4548),
  silenced: ({ details: { until } }) => named(403, until === undefined ? 4563 : 4315),
  'not-the-sender': () => named(403, 4403),
  'too-late': () => named(403, 4403),
  'already-recalled': () => named(404, 4404),
  full: ({ details: { what } }) =>
    what === 'broadcasts' ? plain(429, 429, 4116, 'Too many requests.') : named(400, lists[what ?? ''] ?? 4304),
  'owner-stays': () => named(400, 4324),
  conflict: ({ details: { what } }) => plain(400, taken[what ?? ''] ?? 1, 4200),
  'rejected-by-app': ({ details: { purpose } }) => {
    if (purpose === 'login') return plain(400, 1, 4102);
    const code = purpose === 'send' ? 4402 : purpose === 'change' ? 4305 : 4405;
    return plain(400, code, code);
  },
  'bad-words': () => named(400, 4402),
  'rate-limited': () => plain(429, 429, 4116, 'Too many requests.'),
  unsupported: () => plain(404, 404, 4114, 'Not found.'),
  'bad-upload': () => plain(400, 1, 4200),
  unavailable: () => plain(503, 1, 4200, 'The server is busy, please try again.'),
  internal: () => plain(500, 1, 4200, 'Internal server error.'),
};

function forbiddenCode(purpose: string | undefined, what: string | undefined): SocketCode {
  if (what === 'origin') return 4110;
  return purpose === 'change' ? 4309 : 4320;
}

function invalid(what: string | undefined): SocketCode {
  if (what === 'where' || what === 'query') return 4310;
  if (what === 'client') return 4103;
  return what === 'role' ? 4321 : 4114;
}

const imErrorOf = (error: unknown): ImError =>
  error instanceof ImError ? error : new ImError('internal', 'Internal server error.', {}, { cause: error });

/** How REST says it. */
export function restAnswer(error: unknown): {
  code: ImErrorCode;
  status: number;
  body: { code: number; error: string };
} {
  const known = imErrorOf(error);
  const { rest } = table[known.code](known);
  return { code: known.code, status: rest.status, body: { code: rest.code, error: rest.error ?? known.message } };
}

/** How a frame says it; `appCode` and `detail` are a hook's own words. */
export function socketAnswer(error: unknown): {
  imCode: ImErrorCode;
  code: SocketCode;
  reason: string;
  appCode?: number;
  detail?: string;
} {
  const known = imErrorOf(error);
  const { socket } = table[known.code](known);
  const { appCode } = known.details;
  return {
    imCode: known.code,
    code: socket,
    reason: reasons[socket],
    ...(appCode === undefined ? {} : { appCode, detail: known.message }),
  };
}
