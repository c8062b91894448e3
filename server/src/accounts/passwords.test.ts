// What is kept of a password, and what was taken over from elsewhere.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { openPasswords, saltedSha512 } from './passwords.ts';

const passwords = openPasswords({ atOnce: 1, waitingMax: 20 });
after(() => passwords.close());
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

test('[CORE-100] a password is kept as argon2id with a salt of its own, and verified plain or as its MD5', async () => {
  const [one, two] = await Promise.all([
    passwords.hash({ plain: '密码 p&a=1' }),
    passwords.hash({ plain: '密码 p&a=1' }),
  ]);
  assert.notEqual(one, two);
  assert.match(one, /^md5\|\|\$argon2id\$v=19\$m=12288,t=3,p=1\$/);
  assert.ok(!one.includes(md5('密码 p&a=1')));
  assert.deepEqual(await passwords.verify(one, { plain: '密码 p&a=1' }), { good: true });
  assert.deepEqual(await passwords.verify(one, { md5: md5('密码 p&a=1').toUpperCase() }), { good: true });
  assert.deepEqual(await passwords.verify(one, { plain: '密码 p&a=2' }), { good: false });
  assert.deepEqual(
    await passwords.verify(one, { plain: md5('密码 p&a=1') }),
    { good: false },
    'the MD5 is no password',
  );
});

test('[CORE-101] a LeanCloud hash is kept inside argon2id and replaced at the first good login', async () => {
  const hash = '7pKURKbMzNCQF124SgWwSmWIniTrFQUGoU6mRPnSP6Qud47TsrSGfxA+oW2ZJ/j6jQZ+Okjr5a3J8G9hKeTuhw==';
  assert.equal(saltedSha512('c0ffee0salt1', 's3cret-Pw'), hash);
  const stored = await passwords.adopt({ scheme: 'lc-sha512', salt: 'c0ffee0salt1', hash });
  assert.ok(!stored.includes(hash));
  assert.deepEqual(await passwords.verify(stored, { plain: 's3cret-pw' }), { good: false });
  assert.deepEqual(await passwords.verify(stored, { md5: md5('s3cret-Pw') }), { good: false });
  const { good, better } = await passwords.verify(stored, { plain: 's3cret-Pw' });
  assert.ok(good);
  assert.deepEqual(await passwords.verify(better ?? '', { plain: 's3cret-Pw' }), { good: true });
  const odd = await passwords.adopt({ scheme: 'lc-sha512', salt: 'a|b c', hash: saltedSha512('a|b c', 'x') });
  assert.equal((await passwords.verify(odd, { plain: 'x' })).good, true);
});

test('[CORE-101] a bcrypt hash, and a bare MD5, are taken over likewise; what is no hash is refused', async () => {
  const hash = await bcrypt('s3cret-Pw', { cost: 4 });
  const stored = await passwords.adopt({ scheme: 'bcrypt', hash });
  assert.ok(!stored.includes(hash));
  assert.equal((await passwords.verify(stored, { plain: 'wrong' })).good, false);
  const { good, better } = await passwords.verify(stored, { plain: 's3cret-Pw' });
  assert.ok(good && better?.startsWith('md5||$argon2id$'));
  const bare = await passwords.adopt({ scheme: 'md5', hash: md5('s3cret-Pw') });
  assert.deepEqual(await passwords.verify(bare, { plain: 's3cret-Pw' }), { good: true });
  for (const foreign of [
    { scheme: 'bcrypt', hash: '$2x$04$abc' },
    { scheme: 'bcrypt', hash: hash.replace('$04$', '$31$') },
    { scheme: 'lc-sha512', salt: '', hash: 'short' },
    { scheme: 'md5', hash: 'short' },
  ] as const)
    await assert.rejects(passwords.adopt(foreign), { code: 'invalid-argument' });
});

test('[CORE-102] hashing waits in a bounded queue, in order; above it the answer is `unavailable` at once', async () => {
  const order: number[] = [];
  const jobs = Array.from({ length: 30 }, (_, n) =>
    passwords.hash({ plain: `${n}` }).then(
      () => order.push(n),
      (error) => error.code,
    ),
  );
  const answers = await Promise.all(jobs);
  assert.equal(answers.filter((answer) => answer === 'unavailable').length, 9, 'one runs, twenty wait');
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  assert.equal(order.length, 21);
  const late = openPasswords({ atOnce: 1 });
  const [first, second] = [late.hash({ plain: 'a' }), late.hash({ plain: 'b' })];
  await Promise.all([late.close(), first, assert.rejects(second, { code: 'unavailable' })]);
});
