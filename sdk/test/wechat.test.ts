// The adapter for mini programs, on a `wx` that has the documented functions and nothing of a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, type Message } from '../src/index.ts';
import { im as ml } from '../src/ml.ts';
import { wechat } from '../src/wechat.ts';
import { fakeWx } from './kit/fake-wx.ts';
import { pixel } from './kit/pixel.ts';
import { openPlace } from './kit/place.ts';
import { until } from './kit/wait.ts';
import { openWeakNetwork } from './kit/weak-network.ts';

test('in a mini program: login, REST, uploads with progress, messages, coming back', async () => {
  const place = await openPlace();
  const network = await openWeakNetwork(place.url);
  const wx = fakeWx(new Map([['wxfile://tmp/雁.png', new Blob([pixel], { type: 'image/png' })]]));
  const bob = connect({ ...place.options, user: 'bob' });
  const ann = connect({
    ...place.options,
    server: network.url,
    user: 'ann',
    transport: wechat(wx),
    retryMs: [60_000, 60_000],
  });
  try {
    await Promise.all([ann.ready, bob.ready]);
    await ann.friends.add('bob');
    await assert.rejects(ann.groups.get('none'), { code: 5004 });
    const heard: Message[] = [];
    bob.on('message', (message) => heard.push(message));
    const progress: number[] = [];
    ann.on('outbox', (item) => progress.push(item.progress));
    await ann.friend('bob').send({ image: { uri: 'wxfile://tmp/雁.png' } }).done;
    await until('the picture is heard', () => heard[0]?.kind === 'image');
    assert.ok(progress.includes(0.5));
    network.cut();
    await until('the loss is seen', () => ann.state === 'offline');
    const waiting = ann.friend('bob').send('back again');
    wx.show();
    await waiting.done;
    assert.deepEqual([...new Set(wx.calls)].sort(), ['connectSocket', 'request', 'uploadFile']);

    const { server, appId, key: clientId } = place.options;
    const old = await new Promise<{ success: boolean }>((resolve) => {
      const im = ml({ server, appId, clientId, userId: 'cat', transport: wechat(wx) }, (login) => {
        resolve(login);
        im.close();
      });
    });
    assert.equal(old.success, true);
  } finally {
    ann.close();
    bob.close();
    await network.close();
    await place.close();
  }
});

test('without a network: a try that fails is a connection that closed', async () => {
  const wx = fakeWx(new Map());
  const im = connect({ server: 'http://127.0.0.1:9', appId: 'a', key: 'k', user: 'ann', transport: wechat(wx) });
  await until('it is offline', () => im.state === 'offline');
  await assert.rejects(im.users.get('ann'), /request:fail/);
  im.close();
});
