// Passengers, and the upload that the SDK offers by itself.
import assert from 'node:assert/strict';
import { listen, saying, signIn } from '../../kit/sdk.ts';
import { type Cases, fresh, refused } from './case.ts';
import { onePixelPng } from './chat.ts';

export const guestCases: Cases = {
  async addOrModifyPassenger({ ann }) {
    const id = fresh('guest');
    assert.equal(await ann.ask((done) => ann.im.addOrModifyPassenger({ id, x: 1 }, done)), id);
    assert.equal(await ann.ask((done) => ann.im.addOrModifyPassenger({ id, y: 2 }, done)), id);
    assert.deepEqual(await ann.ask((done) => ann.im.getPassenger(id, done)), { x: 1, y: 2 });
    assert.match(await ann.ask((done) => ann.im.addOrModifyPassenger({ name: 'V' }, done)), /^[0-9a-f]{32}$/);
  },

  async getPassenger({ ann }) {
    const id = await ann.ask((done) => ann.im.addOrModifyPassenger({ name: 'V', age: 28 }, done));
    assert.deepEqual(await ann.ask((done) => ann.im.getPassenger(id, done)), { name: 'V', age: 28 });
    await refused(
      ann.ask((done) => ann.im.getPassenger('no-such-guest', done)),
      5004,
    );
  },

  async getPassengerRecentChat({ server, ann }) {
    const id = fresh('guest');
    const guest = await signIn(server.base, { passenger: { id, name: 'Walk-in' } });
    const heard = listen((hear) => ann.im.onMessage(hear));
    guest.im.toFriend(ann.id).text('is anybody there?').ok();
    const message = await saying(heard, 'is anybody there?');
    const page = await ann.ask((done) => ann.im.getPassengerRecentChat(id, ann.id, message.ts + 1, 20, done));
    assert.deepEqual(page, [{ speaker: id, content: { media: 0, body: 'is anybody there?' }, ts: message.ts }]);
    assert.deepEqual(await ann.ask((done) => ann.im.getPassengerRecentChat(id, ann.id, message.ts, 20, done)), []);
    guest.close();
  },

  async attachment({ annInBrowser }) {
    const form = new FormData();
    form.append('attachment', new File([onePixelPng()], 'goose.png', { type: 'image/png' }));
    const urls = await annInBrowser.ask((done) => annInBrowser.im.attachment(form, done));
    assert.equal(urls.length, 2);
    assert.equal(urls[1], urls[0].replace(/\.png$/, '.sm.png'));
    for (const url of urls) {
      const answer = await fetch(url);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-type'), 'image/png');
      await answer.arrayBuffer();
    }
  },
};
