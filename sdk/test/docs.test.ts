// docs/sdk.md and its translation name every documented function, and the tests that they point to exist.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { im as ml } from '../src/ml.ts';
import { cases } from './kit/ml-cases.ts';

for (const name of ['sdk.md', 'sdk.zh-CN.md']) {
  test(`${name} has a row for each function of the ML face, and its proofs exist`, () => {
    const page = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
    for (const documented of ['version', ...Object.keys(cases)])
      assert.ok(page.includes(`| \`${documented}\` |`), documented);
    for (const face of Object.keys(ml)) assert.ok(page.includes(face), face);
    const proofs = [...page.matchAll(/`(?:sdk\/test\/)?([\w-]+\.test\.ts)`/g)].map(([, file]) => file);
    assert.ok(proofs.length > 8);
    for (const file of proofs) assert.ok(existsSync(new URL(file as string, import.meta.url)), file);
  });
}
