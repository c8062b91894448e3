// Accounts by phone: codes that come by a webhook, serve once, and are not given out too often.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { accountError, session } from '../kit/accounts.ts';
import { done } from '../kit/rest.ts';
import { openSmsServer } from '../kit/sms.ts';
import { authOf, openStory } from '../kit/story.ts';

const sms = await openSmsServer();
const story = await openStory({ settings: { 'sms.webhook': sms.hook } });
after(async () => {
  await story.close();
  await sms.close();
});
const { world } = story;
const { app, clock } = world;

let phones = 13_900_000_000;
const newPhone = () => `${++phones}`;
const minute = 60_000;
const post = (path: string, body: unknown, options?: object) => world.rest('POST', `/2.0/${path}`, body, options);
const ask = (mobilePhone: string, what = 'requestLoginSmsCode') => post(what, { mobilePhone });
const enter = (mobilePhone: string, smsCode: unknown, more: object = {}) =>
  post('loginByMobilePhone', { mobilePhone, smsCode, ...more });
const knock = (who: object) => story.knock(authOf(app, who));
/** A fresh code of the phone. */
async function codeFor(phone: string, what?: string): Promise<string> {
  assert.deepEqual(done(await ask(phone, what), 200), { success: true });
  return sms.codeOf(phone);
}

describe('codes', () => {
  test('[ML-409] a code goes to the app’s webhook, signed; one a minute for a phone, and a bounded number for an address', async () => {
    const phone = newPhone();
    done(await ask(`+86 ${phone.slice(0, 3)}-${phone.slice(3)}`), 200);
    const code = sms.codeOf(phone);
    assert.match(code, /^\d{6}$/);
    assert.deepEqual(sms.handed.at(-1), { app: app.id, phone, code, purpose: 'login', minutes: 10 });
    const soon = await ask(phone);
    accountError(soon, 429, 155);
    assert.ok(Number(soon.headers.get('retry-after')) <= 60);
    clock.advance(minute);
    assert.notEqual(await codeFor(phone), undefined);
    accountError(await ask('12'), 400, 127);
    accountError(await post('requestLoginSmsCode', {}), 400, 127);
    let sent = 0;
    while (sent < 40 && (await ask(newPhone())).status === 200) sent += 1;
    assert.equal(sent, 28, 'thirty in all for this address');
    clock.advance(60 * minute);
    done(await ask(newPhone()), 200);
  });

  test('[ML-425] a code that could not be sent is no code, and can be asked for at once', async () => {
    const phone = newPhone();
    sms.answerWith(500);
    accountError(await ask(phone), 503, 1);
    sms.answerWith(200);
    done(await ask(phone), 200);
    accountError(
      await world.rest('POST', '/2.0/requestLoginSmsCode', { mobilePhone: phone }, { as: world.other }),
      403,
      90_000,
    );
  });

  test('[ML-411] five wrong tries, ten minutes, another purpose or a newer code end it', async () => {
    const phone = newPhone();
    const wrong = (code: string) => (code === '000000' ? '111111' : '000000');
    const first = await codeFor(phone);
    for (let tries = 0; tries < 5; tries++) accountError(await enter(phone, wrong(first)), 400, 301);
    accountError(await enter(phone, first), 400, 301);
    clock.advance(minute);
    const second = await codeFor(phone);
    clock.advance(10 * minute);
    accountError(await enter(phone, second), 400, 301);
    accountError(await enter(phone, await codeFor(phone, 'requestMobilePhoneVerify')), 400, 301);
    clock.advance(minute);
    const older = await codeFor(phone);
    clock.advance(minute);
    const newer = await codeFor(phone);
    if (older !== newer) accountError(await enter(phone, older), 400, 301);
    done(await enter(phone, Number(newer)), 200);
  });
});

describe('logging in by phone', () => {
  test('[ML-410] a code makes the account of an unknown phone, and finds it the next time', async () => {
    clock.advance(60 * minute);
    const phone = newPhone();
    const first = done(await enter(phone, await codeFor(phone)), 200);
    assert.deepEqual(
      [first.isNew, first.username, first.mobilePhone, first.mobilePhoneVerified],
      [true, phone, phone, true],
    );
    clock.advance(minute);
    const second = done(await enter(phone, await codeFor(phone)), 200);
    assert.deepEqual([second.isNew, second.objectId], [false, first.objectId]);
    assert.equal((await world.rest('GET', '/2.0/logout', undefined, session(second.sessionToken))).status, 200);
    accountError(await post('login', { username: phone, password: 'x' }), 400, 210);
  });

  test('[ML-98] on the socket a code lets in once, and makes the account of an unknown phone', async () => {
    const phone = newPhone();
    const code = await codeFor(phone);
    const client = await knock({ phone, password: code });
    assert.equal(client.login.success, true);
    assert.match(client.login.id, /^[0-9a-f]{24}$/);
    assert.equal((await knock({ phone, password: code })).login.error, 5003);
    assert.equal((await knock({ phone, password: '000000' })).login.error, 5003);
    assert.equal((await knock({ phone })).login.error, 5001);
    assert.equal((await knock({ phone: 'no phone', password: code })).login.error, 5001);
    clock.advance(minute);
    const again = await knock({ phone: Number(phone), password: Number(await codeFor(phone)) });
    assert.deepEqual(again.login, { success: true, id: client.login.id });
  });

  test('[ML-412] on the socket the account’s password does as well, also one that looks like a code', async () => {
    for (const password of ['s3cret', '123456']) {
      const phone = newPhone();
      const { objectId } = done(await post('users', { username: phone, password, phone }));
      assert.deepEqual((await knock({ phone, password })).login, { success: true, id: objectId });
      assert.equal((await knock({ phone, password: '654321' })).login.error, 5003);
    }
  });

  test('[ML-413] who proves a phone owns the account that claimed it; a phone proven before keeps its password', async () => {
    const phone = newPhone();
    const claimed = done(await post('users', { username: `claims ${phone}`, password: 'known to another', phone }));
    const owner = done(await enter(phone, await codeFor(phone)), 200);
    assert.deepEqual([owner.objectId, owner.mobilePhoneVerified, owner.isNew], [claimed.objectId, true, false]);
    accountError(await post('login', { username: claimed.username, password: 'known to another' }), 400, 210);
    accountError(await world.rest('GET', '/2.0/logout', undefined, session(claimed.sessionToken)), 401, 90_100);

    const proven = newPhone();
    const smsCode = await codeFor(proven, 'requestMobilePhoneVerify');
    const wish = { username: `has ${proven}`, password: 'own', phone: proven };
    accountError(await post('users', { ...wish, smsCode: smsCode === '000000' ? '1' : '000000' }), 400, 301);
    assert.equal(done(await post('users', { ...wish, smsCode })).mobilePhoneVerified, true);
    done(await enter(proven, await codeFor(proven)), 200);
    done(await post('login', { username: wish.username, password: 'own' }), 200);

    const later = newPhone();
    const account = done(await post('users', { username: `later ${later}`, password: 'own', phone: later }));
    const code = await codeFor(later, 'requestMobilePhoneVerify');
    done(await post('verifyMobilePhone', { smsCode: code }, session(account.sessionToken)), 200);
    done(await enter(later, await codeFor(later)), 200);
    done(await post('login', { username: `later ${later}`, password: 'own' }), 200);
  });

  test('[ML-408] a code for a new password sets it once; a phone without an account hears nothing', async () => {
    const phone = newPhone();
    const { username } = done(await enter(phone, await codeFor(phone)), 200);
    const code = await codeFor(phone, 'requestResetSmsCode');
    const reset = (smsCode: string, password?: string) =>
      post('resetPasswordBySmsCode', { mobilePhone: phone, smsCode, password });
    accountError(await reset(code), 400, 201);
    done(await reset(code, 'chosen'), 200);
    accountError(await reset(code, 'again'), 400, 301);
    done(await post('login', { username, password: 'chosen' }), 200);
    const before = sms.handed.length;
    done(await ask(newPhone(), 'requestResetSmsCode'), 200);
    assert.equal(sms.handed.length, before);
  });
});
