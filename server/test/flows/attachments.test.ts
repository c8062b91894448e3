// Uploads through the whole server: credentials, the browser's and the SDKs' ways of sending, links that others open.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { picture } from '../kit/pictures.ts';
import { openWorld, type World } from '../kit/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const form = (content: Buffer | string, name: string, field = 'attachment'): FormData => {
  const data = new FormData();
  data.append(field, new Blob([content]), name);
  return data;
};

it('[ML-86] [ML-89] a picture is uploaded with credentials and seen without', async () => {
  const bytes = await picture('jpeg', 640, 480);
  const { status, body } = await world.rest('POST', '/attachment', undefined, { raw: form(bytes, 'photo.jpg') });
  assert.equal(status, 200);
  const [original, thumb] = body as [string, string];
  assert.ok(original.startsWith(`${world.url}/`));
  assert.ok(Buffer.from(await (await fetch(original)).arrayBuffer()).equals(bytes));
  const small = await fetch(thumb, { headers: { origin: 'https://elsewhere.example' } });
  assert.deepEqual([small.status, small.headers.get('content-type')], [200, 'image/jpeg']);
  assert.ok(small.headers.get('access-control-allow-origin'));
  assert.equal((await fetch(original, { method: 'HEAD' })).status, 200);
});

it('[ML-87] a file in the field userfile, with a slash at the path’s end, answers one URL', async () => {
  const { status, body } = await world.rest('POST', '/attachment/', undefined, {
    raw: form('hello', 'a.txt', 'userfile'),
  });
  assert.deepEqual([status, (body as string[]).length], [200, 1]);
  assert.equal(await (await fetch((body as string[])[0] ?? '')).text(), 'hello');
});

it('[ML-90] nothing is taken without credentials, without a file, or of the wrong kind', async () => {
  const anonymous = await fetch(`${world.url}/attachment`, { method: 'POST', body: form('hello', 'a.txt') });
  assert.deepEqual([anonymous.status, ((await anonymous.json()) as { errorCode: number }).errorCode], [401, 5003]);
  for (const raw of [undefined, new FormData(), 'hello', '{"a":1}']) {
    const { status, body } = await world.rest('POST', '/attachment', undefined, { raw });
    assert.deepEqual([status, body.errorCode], [400, 5012]);
  }
  const { status, body } = await world.rest('POST', '/attachment', { attachment: 'x' });
  assert.deepEqual([status, body.errorCode], [400, 5012]);
});

it('[ML-90] a file above the app’s limit is refused', async () => {
  await world.set({ attachmentBytesMax: 2_000 });
  const { status, body } = await world.rest('POST', '/attachment', undefined, {
    raw: form('x'.repeat(2_001), 'a.txt'),
  });
  assert.deepEqual([status, body.errorCode], [413, 5011]);
  assert.equal(
    (await world.rest('POST', '/attachment', undefined, { raw: form('x'.repeat(2_000), 'a.txt') })).status,
    200,
  );
});
