// What goes wrong, in JMessage's numbers. One row per core code: a code without a row does not compile. Where the number
// depends on what was tried, the route says so by its occasion.
import { ImError, type ImErrorCode, type ImErrorDetails } from '../../core/errors.ts';

/** What a route is about, where one core code has several numbers. */
export type Occasion = 'members' | 'owner' | 'silence' | 'rooms' | 'quiet' | 'shield' | 'messages';

export type ErrorBody = { readonly error: { readonly code: number; readonly message: string } };
export type ErrorAnswer = { readonly code: ImErrorCode; readonly status: Status; readonly body: ErrorBody };

/** The only statuses an error has here: the Java client reads a body with no other. */
export type Status = 400 | 401 | 403 | 404 | 405 | 429 | 500 | 503;

type Row = { readonly code: number; readonly status: Status; readonly words: string };
type Choose = (details: ImErrorDetails, occasion: Occasion | undefined) => Row;

const row = (code: number, status: Status, words: string): Row => ({ code, status, words });
const no = (code: number, words: string): Row => row(code, 403, words);

const failed = row(899000, 500, 'Server internal error');
const badParameter = row(899003, 400, 'Parameter invalid');
const wrongCredentials = row(899008, 401, 'Basic authentication failed');
const busy = row(899030, 503, 'Server response time out, please try again later');
const noUser = no(899002, 'No such user');
const noGroup = no(899006, 'Group id invalid');
const noRoom = no(899081, 'Room id not exist');
const noRight = no(899016, 'No authority to send message');

const missing: Choose = ({ kind, needs }, occasion) => {
  if (occasion === 'quiet') return no(899045, 'Group is not exist');
  if (occasion === 'shield') return no(899051, 'Group not exist');
  return occasion === 'rooms' || kind === 'room' || needs === 'room' ? noRoom : noGroup;
};

const outsider: Choose = ({ kind, purpose }, occasion) => {
  if (occasion === 'quiet' || occasion === 'shield') return no(899046, 'User is not in group');
  if (occasion === 'silence') return no(765001, 'Target not in group');
  if (occasion === 'owner') return badParameter;
  const room = kind === 'room' || occasion === 'rooms';
  if (occasion === 'messages' || purpose === 'send')
    return room ? no(847001, 'User not in chatroom') : no(803005, 'User not in group');
  return room ? no(899082, 'User not in room') : no(899014, 'Add success, remove fail: user not in this group');
};

const already: Choose = ({ what, kind }) => {
  if (what === 'friend') return no(899070, 'Already friend');
  if (what === 'block') return no(899017, 'There are usernames exist in blacklist');
  if (what === 'shield') return no(899052, 'Already shielded');
  if (what === 'quiet' && kind === 'everything') return no(899048, 'Already open global');
  if (what === 'quiet')
    return kind === 'conversation' ? no(899047, 'Duplicate add group') : no(899043, 'Duplicate add user');
  return row(899011, 400, 'Repeat to add the members');
};

const absent: Choose = ({ what, kind }) => {
  if (what === 'friend') return no(899071, 'Not friend');
  if (what === 'block') return no(899019, 'There are usernames not exist in blacklist');
  if (what === 'shield') return no(899053, 'Not shielded');
  if (what === 'quiet' && kind === 'everything') return no(899050, 'Already close global');
  if (what === 'quiet')
    return kind === 'conversation'
      ? no(899049, 'Group is not exist in setting')
      : no(899044, 'User is not exist in setting');
  return no(899014, 'Add success, remove fail: user not in this group');
};

const full: Choose = ({ what }) => {
  if (what === 'members') return no(899012, 'No enough space for members');
  if (what === 'memberships') return no(899015, "User's groups are full, can not continue");
  return what === 'batch' ? no(899013, 'User list is bigger than 500') : badParameter;
};

const forbidden: Choose = ({ what }) => {
  if (what === 'app') return no(899020, 'No auth to operate other appkey');
  return what === 'admin' ? no(899018, 'Admin can not be added into blacklist') : noRight;
};

const rows = {
  'invalid-argument': badParameter,
  'too-long': badParameter,
  'too-large': badParameter,
  unauthenticated: ({ why }) => (why === 'missing' ? row(899007, 401, 'Missing authen info') : wrongCredentials),
  'session-expired': wrongCredentials,
  'signature-rejected': wrongCredentials,
  'app-not-found': row(899009, 400, 'Appkey not exist'),
  forbidden,
  'feature-off': noRight,
  disabled: no(801006, 'User disabled'),
  'user-not-found': noUser,
  'passenger-not-found': noUser,
  'conversation-not-found': missing,
  'conversation-expired': missing,
  'message-not-found': no(855003, 'Request message not exist'),
  'attribute-not-found': badParameter,
  'relation-not-found': no(899071, 'Not friend'),
  'media-not-found': badParameter,
  'wrong-kind': missing,
  'not-a-member': outsider,
  already,
  absent,
  'not-friends': no(899071, 'Not friend'),
  blocked: no(803008, 'User in blacklist'),
  silenced: ({ kind }) =>
    kind === 'room' ? no(847002, 'User banned to post') : no(803012, 'Can not chat while silent'),
  'not-the-sender': no(855002, 'Request user is not message sender'),
  'too-late': no(855001, 'Out of time'),
  'already-recalled': no(855004, 'Message already retract'),
  full,
  'owner-stays': no(852004, 'Owner can not leave chatroom'),
  conflict: ({ what }) => (what === 'name' ? no(899001, 'User exist') : badParameter),
  'rejected-by-app': noRight,
  'bad-words': no(803009, 'The message contains sensitive word'),
  'rate-limited': row(2002, 429, 'Rate limit exceeded'),
  unsupported: ({ why }) => row(800008, why === 'method' ? 405 : 404, 'Invalid request'),
  'bad-upload': ({ why }) => (why === 'storage' ? busy : badParameter),
  unavailable: busy,
  internal: failed,
} satisfies Record<ImErrorCode, Row | Choose>;

/** Says any error in JMessage's words. What is not an ImError tells nothing; the caller logs it. */
export function errorAnswer(error: unknown, occasion?: Occasion): ErrorAnswer {
  if (!(error instanceof ImError)) return { code: 'internal', status: failed.status, body: bodyOf(failed) };
  const found: Row | Choose = rows[error.code];
  const chosen = typeof found === 'function' ? found(error.details, occasion) : found;
  return { code: error.code, status: chosen.status, body: bodyOf(chosen, detail(chosen, error)) };
}

const bodyOf = ({ code, words }: Row, more?: string): ErrorBody => ({
  error: { code, message: more === undefined ? words : `${words}: ${more}` },
});

/** What is told beyond the default words: what is wrong with a parameter, and who is unknown. */
function detail(chosen: Row, error: ImError): string | undefined {
  if (chosen === badParameter) return error.message;
  return chosen === noUser ? error.details.what : undefined;
}

export const noSuchUser = (name: string): ImError => new ImError('user-not-found', 'user not found', { what: name });

export const badValue = (message: string, what: string): ImError =>
  new ImError('invalid-argument', message, { what, why: 'type' });

export const unknownPath = (): ImError => new ImError('unsupported', 'there is no such path');
export const unknownMethod = (): ImError =>
  new ImError('unsupported', 'this path does not take this method', { why: 'method' });
