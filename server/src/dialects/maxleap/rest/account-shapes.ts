// Accounts on the wire, and what a body says of one.
import { type TProperties, Type } from 'typebox';
import type { Account, Link } from '../../../core/accounts/account.ts';
import { ImError } from '../../../core/errors.ts';
import type { Json, JsonObject } from '../../../core/json.ts';

/** What the service itself says of an account: nobody's own field can have such a name. */
const ours = new Set(
  `objectId createdAt updatedAt sessionToken enabled lastLoginTime isNew username password newPassword phone mobilePhone
  mobilePhoneVerified email emailVerified authData passenger smsCode userId`.split(/\s+/),
);

/** What the application keeps with the account. */
export const fieldsOf = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !ours.has(name)));

type View = { readonly full: boolean; readonly enabled?: boolean; readonly links?: readonly Link[] };

/** `full`: to the account itself and the application; others do not learn how somebody can be reached. */
export function toAccountRecord(account: Account, { full, enabled = true, links = [] }: View): JsonObject {
  const { id, username, phone, email, createdAt, updatedAt, loginAt, attributes } = account;
  const reach: JsonObject = {
    ...(phone === null ? {} : { phone, mobilePhone: phone }),
    mobilePhoneVerified: account.phoneVerified,
    ...(email === null ? {} : { email }),
    emailVerified: account.emailVerified,
    ...(links.length === 0
      ? {}
      : { authData: Object.fromEntries(links.map(({ provider, subject }) => [provider, { id: subject }])) }),
  };
  return {
    ...attributes,
    ...(username === null ? {} : { username }),
    ...(full ? reach : {}),
    objectId: id,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    enabled,
    ...(loginAt === null ? {} : { lastLoginTime: loginAt }),
  };
}

export const iso = (ms: number): string => new Date(ms).toISOString();

/** A text of a body; undefined when it is not there. Throws `invalid-argument`. */
export function textIn(body: JsonObject, name: string, what = name): string | undefined {
  const value: Json | undefined = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new ImError('invalid-argument', `${name} must be a text`, { what, why: 'type' });
}

/** As textIn; it must be there. */
export function textOf(body: JsonObject, name: string, what = name): string {
  const text = textIn(body, name, what);
  if (text) return text;
  throw new ImError('invalid-argument', `${name} is missing`, { what, why: 'missing' });
}

/** A code, which some clients send as a number. */
export function codeOf({ smsCode }: JsonObject): string {
  if (typeof smsCode === 'number') return `${smsCode}`.padStart(6, '0');
  return textOf({ smsCode: smsCode ?? null }, 'smsCode', 'code');
}

const record = (properties: TProperties, description: string) => Type.Object(properties, { description });

export const accountRecord = record(
  {
    objectId: Type.String({ description: 'The account; in the login modes that use accounts, also the user id' }),
    username: Type.Optional(Type.String()),
    createdAt: Type.String({ description: 'ISO 8601' }),
    updatedAt: Type.String({ description: 'ISO 8601' }),
    sessionToken: Type.Optional(Type.String({ description: 'After a login only: for X-ML-Session-Token' })),
  },
  'An account, with whatever the application keeps in it',
);
export const accountRecords = record({ results: Type.Array(accountRecord) }, 'Accounts, oldest first');
export const changed = record(
  { number: Type.Integer(), updatedAt: Type.Optional(Type.String()) },
  'How many, and when',
);
export const success = record({ success: Type.Boolean() }, 'It is done');
export const resetToken = record({ token: Type.String(), expiresAt: Type.String() }, 'The token, shown this once');
/** A body as in the example; each field may be missing, and is refused in words then. */
export const bodyLike = (example: Record<string, unknown>) =>
  Type.Object(Object.fromEntries(Object.keys(example).map((name) => [name, Type.Optional(Type.Unknown())])), {
    examples: [example],
  });
