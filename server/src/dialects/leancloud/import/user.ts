// Rows of `_User` as accounts to be restored, and rows of `_Installation` as devices.
import { tokenDigest } from '../../../core/accounts/digest.ts';
import { emailOf, phoneOf, usernameOf } from '../../../core/accounts/names.ts';
import { ImError } from '../../../core/errors.ts';
import type { Loss, RestoredInstall, RestoredUser } from '../../../core/imports/import.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import type { ForeignPassword } from '../../../core/ports/passwords.ts';
import { idsOf, isId, shown, textOf, timeOf, without } from './values.ts';

/** `foreign`: his password as it comes, still to be adopted. */
export type DecodedUser = { readonly row?: RestoredUser; readonly foreign?: ForeignPassword; readonly losses: Loss[] };

const own = new Set([
  'objectId',
  'createdAt',
  'updatedAt',
  'sessionToken',
  'username',
  'password',
  'salt',
  'bcryptPassword',
  'email',
  'emailVerified',
  'mobilePhoneNumber',
  'mobilePhoneVerified',
  'authData',
]);

export function decodeUser(row: JsonObject): DecodedUser {
  const { objectId: id } = row;
  const losses: Loss[] = [];
  if (!isId(id)) return { losses: [{ what: 'user', id: shown(id), reason: 'has no id' }] };
  const lose = (part: string, reason: string) => losses.push({ what: 'user', id: `${id}/${part}`, reason });
  const tried = (part: string, value: string | undefined, read: (value: unknown) => string): string | undefined => {
    if (value === undefined) return undefined;
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof ImError)) throw error;
      lose(part, `has a ${part} that cannot be kept`);
      return undefined;
    }
  };
  const username = tried('username', textOf(row.username), usernameOf);
  const phone = tried('phone', textOf(row.mobilePhoneNumber), phoneOf);
  const email = tried('email', textOf(row.email), emailOf);
  const attributes = without(row, own);
  const fits = Buffer.byteLength(JSON.stringify(attributes)) <= limits.attributesBytesMax;
  if (!fits) lose('attributes', 'has more attributes than can be kept');
  const createdAt = timeOf(row.createdAt) ?? timeOf(row.updatedAt) ?? 1;
  const token = textOf(row.sessionToken);
  const foreign = foreignIn(row, lose);
  return {
    row: {
      id,
      ...(username === undefined ? {} : { username }),
      ...(phone === undefined ? {} : { phone }),
      phoneVerified: row.mobilePhoneVerified === true,
      ...(email === undefined ? {} : { email }),
      emailVerified: row.emailVerified === true,
      attributes: fits ? attributes : {},
      links: linksIn(row),
      createdAt,
      updatedAt: timeOf(row.updatedAt) ?? createdAt,
      ...(token === undefined ? {} : { session: { digest: tokenDigest(token), expiresAt: null } }),
    },
    ...(foreign ? { foreign } : {}),
    losses,
  };
}

function foreignIn(row: JsonObject, lose: (part: string, reason: string) => void): ForeignPassword | undefined {
  const bcrypt = textOf(row.bcryptPassword);
  if (bcrypt !== undefined) return { scheme: 'bcrypt', hash: bcrypt };
  const hash = textOf(row.password);
  if (hash === undefined) return undefined;
  if (typeof row.salt !== 'string') lose('password', 'has a password without its salt');
  else return { scheme: 'lc-sha512', salt: row.salt, hash };
  return undefined;
}

/** The name by which a third party knows him; `uid` of the vendor's own, `openid` of Tencent's, else `id`. */
function linksIn({ authData }: JsonObject): RestoredUser['links'] {
  if (!isJsonObject(authData)) return [];
  return Object.entries(authData).flatMap(([provider, data]) => {
    if (!isJsonObject(data)) return [];
    const subject = [data.uid, data.openid, data.id].find(
      (value) => typeof value === 'string' || typeof value === 'number',
    );
    if (subject === undefined || !isId(String(subject)) || !isId(provider)) return [];
    const { access_token: _access, refresh_token: _refresh, ...told } = data;
    return [{ provider, subject: String(subject), data: told }];
  });
}

export type DecodedInstall = { readonly row: RestoredInstall } | { readonly loss: Loss };

/** A device belongs to the client that it listens to; of several to the first. */
export function decodeInstall(row: JsonObject): DecodedInstall {
  const id = textOf(row.installationId) ?? textOf(row.objectId);
  const token = textOf(row.deviceToken) ?? textOf(row.registrationId);
  const lose = (reason: string): DecodedInstall => ({ loss: { what: 'install', id: shown(row.objectId), reason } });
  if (!isId(id)) return lose('has no id');
  if (row.valid === false) return lose('was switched off');
  if (token === undefined || token.length > limits.pushTokenCharsMax) return lose('has no push address');
  const [who] = idsOf(row.channels).ids.filter((channel) => channel !== 'public' && channel !== 'protected');
  if (who === undefined) return lose('listens to no client');
  return {
    row: {
      id,
      who,
      platform: textOf(row.deviceType) ?? 'android',
      token,
      language: null,
      at: timeOf(row.updatedAt) ?? 1,
    },
  };
}
