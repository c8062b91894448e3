import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNats } from './config-nats.ts';

const read = (text: string | undefined, prefix?: string) => {
  const problems: string[] = [];
  const config = readNats(text, prefix, (name, sentence) => problems.push(`${name} ${sentence}`));
  return { problems, ...config, pass: config?.pass?.reveal(), token: config?.token?.reveal() };
};

test('several servers, one account: it stands in the first address', () => {
  const { servers, user, pass, token, tls, prefix, problems } = read('tls://hy:p%40ss@a.example:4333, nats://[::1]');
  assert.deepEqual(
    [servers, user, pass, token, tls, prefix],
    [['a.example:4333', '[::1]:4222'], 'hy', 'p@ss', undefined, true, 'hongyan'],
  );
  assert.deepEqual(problems, []);
});

test('a name without a password is a token', () => {
  const { user, pass, token, tls } = read('nats://s3cret@127.0.0.1');
  assert.deepEqual([user, pass, token, tls], [undefined, undefined, 's3cret', false]);
});

test('what is no address, and what is no subject, is refused without being repeated', () => {
  for (const text of ['127.0.0.1:4222', 'http://x', 'nats://x/path', 'nats://a,,nats://b', 'nats://u:secret@']) {
    const { problems } = read(text);
    assert.match(problems.join(), /^NATS_URL is the address/);
    assert.doesNotMatch(problems.join(), /secret/);
  }
  for (const prefix of ['a b', '*', 'a..b', '.a', '>']) assert.equal(read(undefined, prefix).problems.length, 1);
  assert.deepEqual(read(undefined, 'eu.chat-1').problems, []);
});
