import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImError, type ImErrorDetails, imErrorCodes } from '../../core/errors.ts';
import { errorAnswer, noSuchUser, type Occasion } from './errors.ts';

const statuses = [400, 401, 403, 404, 405, 429, 500, 503];
const said = (code: (typeof imErrorCodes)[number], details: ImErrorDetails = {}, occasion?: Occasion) => {
  const { status, body } = errorAnswer(new ImError(code, 'a detail', details), occasion);
  return `${status} ${body.error.code}`;
};

test('[JM-205] every code of the core has a number, one of the statuses and words', () => {
  for (const code of imErrorCodes) {
    const { status, body } = errorAnswer(new ImError(code, 'a detail'));
    assert.ok(statuses.includes(status), code);
    assert.ok(Number.isInteger(body.error.code) && body.error.message.length > 5, code);
  }
});

test('[JM-205] what is no error of the core tells nothing', () => {
  const told = errorAnswer(new Error('secret'));
  assert.deepEqual(told, {
    code: 'internal',
    status: 500,
    body: { error: { code: 899000, message: 'Server internal error' } },
  });
  assert.equal(errorAnswer(new ImError('internal', 'secret')).body.error.message, 'Server internal error');
});

test('[JM-205] one code has several numbers where the documents have', () => {
  assert.equal(said('conversation-not-found'), '403 899006');
  assert.equal(said('conversation-not-found', { kind: 'room' }), '403 899081');
  assert.equal(said('conversation-not-found', {}, 'rooms'), '403 899081');
  assert.equal(said('conversation-not-found', {}, 'quiet'), '403 899045');
  assert.equal(said('conversation-not-found', {}, 'shield'), '403 899051');
  assert.equal(said('not-a-member'), '403 899014');
  assert.equal(said('not-a-member', { kind: 'room' }), '403 899082');
  assert.equal(said('not-a-member', {}, 'quiet'), '403 899046');
  assert.equal(said('not-a-member', {}, 'shield'), '403 899046');
  assert.equal(said('not-a-member', {}, 'silence'), '403 765001');
  assert.equal(said('not-a-member', {}, 'owner'), '400 899003');
  assert.equal(said('not-a-member', { kind: 'group' }, 'messages'), '403 803005');
  assert.equal(said('not-a-member', { kind: 'room' }, 'messages'), '403 847001');
  assert.equal(said('silenced', { kind: 'group' }), '403 803012');
  assert.equal(said('silenced', { kind: 'room' }), '403 847002');
  assert.equal(said('already', { what: 'member' }), '400 899011');
  assert.equal(said('already', { what: 'friend' }), '403 899070');
  assert.equal(said('already', { what: 'block' }), '403 899017');
  assert.equal(said('already', { what: 'quiet', kind: 'user' }), '403 899043');
  assert.equal(said('already', { what: 'quiet', kind: 'conversation' }), '403 899047');
  assert.equal(said('already', { what: 'shield' }), '403 899052');
  assert.equal(said('absent', { what: 'friend' }), '403 899071');
  assert.equal(said('absent', { what: 'block' }), '403 899019');
  assert.equal(said('absent', { what: 'quiet', kind: 'user' }), '403 899044');
  assert.equal(said('absent', { what: 'quiet', kind: 'conversation' }), '403 899049');
  assert.equal(said('absent', { what: 'shield' }), '403 899053');
  assert.equal(said('full', { what: 'members' }), '403 899012');
  assert.equal(said('full', { what: 'memberships' }), '403 899015');
  assert.equal(said('full', { what: 'batch' }), '403 899013');
  assert.equal(said('full', { what: 'words' }), '400 899003');
  assert.equal(said('forbidden', { purpose: 'send' }), '403 899016');
  assert.equal(said('forbidden', { what: 'app' }), '403 899020');
  assert.equal(said('forbidden', { what: 'admin' }), '403 899018');
  assert.equal(said('app-not-found'), '400 899009');
  assert.equal(said('conflict', { what: 'name' }), '403 899001');
  assert.equal(said('conflict', { what: 'reference' }), '400 899003');
  assert.equal(said('unsupported'), '404 800008');
  assert.equal(said('unsupported', { why: 'method' }), '405 800008');
  assert.equal(said('unavailable'), '503 899030');
});

test('[JM-31] [JM-205] a wrong parameter and an unknown user are named', () => {
  const message = (error: ImError) => errorAnswer(error).body.error.message;
  assert.equal(message(noSuchUser('annie')), 'No such user: annie');
  assert.equal(message(new ImError('user-not-found', 'user not found')), 'No such user');
  assert.equal(message(new ImError('invalid-argument', 'count is wrong')), 'Parameter invalid: count is wrong');
  assert.equal(message(new ImError('blocked', 'a core sentence')), 'User in blacklist');
});
