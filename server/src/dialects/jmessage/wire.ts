// Users between the core and this door.
import type { App } from '../../core/apps/app.ts';
import type { JsonObject } from '../../core/json.ts';
import type { User } from '../../core/users/user.ts';
import { badValue } from './errors.ts';
import { asObject, fieldOf, integerOf, type TextRule, textOf } from './rest/body.ts';
import { toDay, toTime } from './times.ts';

const profileTexts: Readonly<Record<string, TextRule>> = {
  nickname: { bytesMax: 64, oneLine: true },
  avatar: { bytesMax: 255 },
  signature: { bytesMax: 250 },
  region: { bytesMax: 250 },
  address: { bytesMax: 250 },
};

const extrasBytesMax = 512;

/** The keys of a profile that are given, checked; other keys are left out. Throws `invalid-argument`. */
export function readProfile(object: JsonObject): JsonObject {
  const profile: JsonObject = {};
  for (const [name, rule] of Object.entries(profileTexts)) {
    const text = textOf(object, name, rule);
    if (text !== undefined) profile[name] = text;
  }
  const birthday = textOf(object, 'birthday', { bytesMax: 32 });
  if (birthday !== undefined) profile.birthday = readDay(birthday);
  const gender = integerOf(object, 'gender', 0, 2);
  if (gender !== undefined) profile.gender = gender;
  const star = integerOf(object, 'star', 0, Number.MAX_SAFE_INTEGER);
  if (star !== undefined) profile.star = star;
  const extras = fieldOf(object, 'extras');
  if (extras !== undefined) profile.extras = readExtras(asObject(extras, 'extras'));
  return profile;
}

function readDay(text: string): string {
  // "" is kept as it is: it stands for a birthday that was taken away.
  const day = text === '' ? '' : toDay(text);
  if (day === undefined) throw badValue('birthday must be a day of the calendar, yyyy-MM-dd', 'birthday');
  return day;
}

function readExtras(extras: JsonObject): JsonObject {
  if (Buffer.byteLength(JSON.stringify(extras)) > extrasBytesMax)
    throw badValue(`extras is longer than ${extrasBytesMax} bytes`, 'extras');
  return extras;
}

/** A user as every list and object of this door shows him: what was never said of him is left out. */
export function toUser(app: App, user: User): JsonObject {
  const zone = app.settings['jmessage.timezone'];
  return {
    username: user.id,
    appkey: app.id,
    ...toProfile(user.profile),
    mtime: toTime(user.profileAt, zone),
    ctime: toTime(user.createdAt, zone),
  };
}

const profileKeys = ['nickname', 'avatar', 'birthday', 'gender', 'signature', 'region', 'address', 'extras', 'star'];

/** The stored part of a profile, for users and for members of groups. */
export function toProfile(profile: JsonObject): JsonObject {
  const shown: JsonObject = {};
  for (const key of profileKeys) {
    const value = Object.hasOwn(profile, key) ? profile[key] : undefined;
    if (value !== undefined && value !== null) shown[key] = key === 'birthday' ? toBirthday(value) : value;
  }
  return shown;
}

const toBirthday = (day: JsonObject[string]): string => (day === '' ? '' : `${String(day).slice(0, 10)} 00:00:00`);
