import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, it } from 'node:test';
import { type Files, openFiles } from '../../../test/kit/files.ts';
import { picture } from '../../../test/kit/pictures.ts';
import { dayMs } from '../messages/expire.ts';
import { eraseUploads, expireUploads } from './expire.ts';
import { upload } from './upload.ts';

let files: Files;
beforeEach(async () => {
  files = await openFiles();
});
afterEach(() => files.close());

const put = async (bytes: Buffer) => {
  const stream = Readable.from([bytes], { objectMode: false });
  return (await upload(files.core, await files.app(), { name: 'a.bin', type: undefined, stream })).file.path;
};
const expire = async () => expireUploads(files.core, await files.app());

it('[CORE-62] uploads are kept for ever unless the app says otherwise', async () => {
  await put(Buffer.from('hello'));
  files.now += 10_000 * dayMs;
  assert.equal(await expire(), 0);
  assert.equal((await files.stored()).length, 1);
});

it('[CORE-62] an upload is removed with its thumbnail when it has reached the app’s days, not earlier', async () => {
  await files.set({ attachmentDays: 7 });
  const old = await put(await picture('png', 300, 300));
  files.now += 1000;
  const young = await put(Buffer.from('hello'));
  files.now += 7 * dayMs - 500;
  assert.equal(await expire(), 2);
  assert.equal(await files.core.store.media.byPath(old), undefined);
  assert.equal(await files.core.blobs.read(old), undefined);
  assert.deepEqual(await files.stored(), [young.slice(9)]);
});

it('[CORE-62] without days of its own an upload outlives the messages that show it', async () => {
  await files.set({ keepDays: 30 });
  await put(Buffer.from('hello'));
  files.now += 30 * dayMs + 1;
  assert.equal(await expire(), 0);
  files.now += dayMs;
  assert.equal(await expire(), 1);
  assert.deepEqual(await files.stored(), []);
});

it('[CORE-62] all uploads of an app go when it is removed, more than one slice of them', async () => {
  const path = '00000000/0011223344556677';
  for (let n = 0; n < 250; n += 1) {
    const media = {
      path: `${path}${n}`,
      app: (await files.app()).no,
      type: 'text/plain',
      bytes: 1,
      name: '',
      width: null,
      height: null,
    };
    await files.core.store.media.put({ ...media, thumb: null, crc32: 0, createdAt: files.now });
  }
  const kept = await put(Buffer.from('hello'));
  assert.equal(await eraseUploads(files.core, (await files.app()).no), 251);
  assert.equal(await files.core.store.media.byPath(kept), undefined);
  assert.deepEqual(await files.stored(), []);
});
