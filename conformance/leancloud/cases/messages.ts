// The message classes, sent by one person and heard by the other.
import assert from 'node:assert/strict';
import { once, told } from '../../kit/told.ts';
import type { Cases } from './case.ts';

export const messageCases: Cases = {
  async 'a text with attributes and mentions'({ talk, jerry, sdk }) {
    const heard = told(jerry, 'message');
    const message = new sdk.TextMessage('@Jerry').setAttributes({ k: [1, { two: 2 }] });
    message.setMentionList(['Jerry']);
    await talk.send(message);
    const [his] = await once('Jerry hears it', heard);
    assert.deepEqual([his.getText(), his.getAttributes(), his.mentioned], ['@Jerry', { k: [1, { two: 2 }] }, true]);
    assert.deepEqual(his.getMentionList(), ['Jerry']);
    assert.equal(his.toJSON().text, '@Jerry');
  },
  async 'a text that mentions all'({ talk, jerry, sdk }) {
    const heard = told(jerry, 'message');
    const message = new sdk.TextMessage('all');
    message.mentionAll();
    await talk.send(message);
    assert.equal((await once('Jerry hears it', heard))[0].mentionedAll, true);
  },
  async bytes({ talk, jerry, sdk }) {
    const heard = told(jerry, 'message');
    const bytes = new Uint8Array([0, 1, 254, 255]);
    await talk.send(new sdk.BinaryMessage(bytes.buffer));
    const [his] = await once('Jerry hears it', heard);
    assert.deepEqual(new Uint8Array(his.buffer), bytes);
    const [kept] = await talk.queryMessages({ limit: 1 });
    assert.deepEqual(new Uint8Array(kept.buffer), bytes);
  },
  async 'a plain message'({ talk, jerry, sdk }) {
    const heard = told(jerry, 'message');
    await talk.send(new sdk.Message('just a text'));
    assert.equal((await once('Jerry hears it', heard))[0].content, 'just a text');
  },
  async 'a transient one, kept nowhere'({ talk, jerry, sdk }) {
    const heard = told(jerry, 'message');
    await talk.send(new sdk.TextMessage('typing'), { transient: true });
    assert.equal((await once('Jerry hears it', heard))[0].text, 'typing');
    assert.notEqual((await talk.queryMessages({ limit: 1 }))[0]?.text, 'typing');
  },
  async 'a receipt'({ tom, jerry, sdk }) {
    const mine = await tom.createConversation({ members: ['Jerry'], name: 'two' });
    const his = await jerry.getConversation(mine.id);
    const [delivered, read] = [told(mine, 'lastdeliveredatupdate'), told(mine, 'lastreadatupdate')];
    await mine.send(new sdk.TextMessage('seen?'), { receipt: true, pushData: { alert: 'hi' } });
    await once('it was delivered', delivered);
    await his.read();
    await once('it was read', read);
  },
  async "a type of the application's own"({ talk, jerry, sdk, realtime, tom }) {
    class Gift extends sdk.TypedMessage {}
    sdk.messageType(7)(Gift);
    sdk.messageField('count')(Gift);
    for (const client of [tom, jerry]) client.messageParser?.register?.(Gift);
    realtime.register?.(Gift);
    const gift = Object.assign(new Gift(), { count: 3 });
    await talk.send(gift);
    const [kept] = await talk.queryMessages({ limit: 1, type: 7 });
    assert.equal(kept.count, 3);
    void jerry;
  },
  async 'the messages of the typed-messages plugin'({ talk, jerry, plugin, storage }) {
    const heard = told(jerry, 'message');
    const picture = storage.File.withURL('cat.png', 'https://files.example/cat.png');
    // The plugin takes saved files only; an id is all that it asks for.
    picture.id = '65a0c0ffee0000000000f11e';
    picture.metaData('width', 640);
    await talk.send(new plugin.ImageMessage(picture).setText('a cat').setAttributes({ k: 1 }));
    const [image] = await once('a picture comes', heard);
    assert.deepEqual([image.type, image.getText(), image.getAttributes()], [-2, 'a cat', { k: 1 }]);
    assert.deepEqual([image.getFile().url(), image.getFile().metaData('width')], [picture.url(), 640]);
    for (const [type, name] of [
      [-3, 'AudioMessage'],
      [-4, 'VideoMessage'],
      [-6, 'FileMessage'],
    ] as const) {
      await talk.send(new plugin[name](picture));
      assert.equal((await once(`${name} comes`, heard))[0].type, type);
    }
    await talk.send(new plugin.LocationMessage(new storage.GeoPoint(39.9, 116.4)));
    const [place] = await once('a place comes', heard);
    assert.deepEqual([place.getLocation().latitude, place.getLocation().longitude], [39.9, 116.4]);
    const kept = await talk.queryMessages({ limit: 5 });
    assert.deepEqual(
      kept.map(({ type }: { type: number }) => type),
      [-2, -3, -4, -6, -5],
    );
  },
};
