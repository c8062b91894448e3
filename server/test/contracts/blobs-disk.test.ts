import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, it } from 'node:test';
import { openDiskBlobs } from '../../src/blobs/disk.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { blobsSuite } from './blobs.suite.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hongyan-blobs-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const newFolder = () => mkdtemp(join(folder, 'one-'));
const filesIn = async (dir: string): Promise<string[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
};

blobsSuite('disk', async () => {
  const dir = await newFolder();
  return { blobs: await openDiskBlobs({ dir, log: quietLog }), everything: () => filesIn(dir) };
});

it('[CORE-50] what a killed process left half written is cleared away at the next start, a living one keeps its own', async () => {
  const dir = await newFolder();
  await openDiskBlobs({ dir, log: quietLog });
  const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
  const [left, ours] = [join(dir, '.incoming', `${dead}.aaaa`), join(dir, '.incoming', `${process.ppid}.bbbb`)];
  await writeFile(left, 'half');
  await writeFile(ours, 'half');
  await openDiskBlobs({ dir, log: quietLog });
  assert.deepEqual(await filesIn(dir), [ours]);
});

it('[CORE-58] a path that is taken by something else fails the write and leaves nothing', async () => {
  const dir = await newFolder();
  const blobs = await openDiskBlobs({ dir, log: quietLog });
  await writeFile(join(dir, 'aabbccdd'), 'a file where a folder should be');
  const source = Readable.from([Buffer.from('x')], { objectMode: false });
  await assert.rejects(blobs.write('aabbccdd/0011223344556677.bin', source));
  assert.ok(source.destroyed);
  assert.deepEqual(await filesIn(dir), [join(dir, 'aabbccdd')]);
});
