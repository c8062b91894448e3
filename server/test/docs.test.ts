// Keeps the documents honest: links lead somewhere, and what they name (variables, settings, commands, scripts) is
// there, as what is there is named in both languages.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { settingSpecs } from '../src/core/apps/settings.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const skipped = new Set(['node_modules', 'dist', 'data', '.git']);

function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownBelow(path);
    // Packing copies the README there.
    return entry.name.endsWith('.md') && path !== join('server', 'README.md') ? [path] : [];
  });
}

const pages = new Map(markdownBelow('.').map((path) => [path, read(path)]));
const manuals = ['docs/running.md', 'docs/running.zh-CN.md'];

const withoutCode = (text: string): string => text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
const codeOf = (text: string): string[] => [...text.matchAll(/^```.*?^```|`[^`\n]+`/gms)].map(([code]) => code);

/** As GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

function anchorsOf(text: string): Set<string> {
  const headings = text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#{1,6} (.+)$/gm);
  return new Set([...headings].map(([, heading = '']) => anchorOf(heading)));
}

/** What is wrong with a link to a file of this repository; undefined when nothing is. */
function problemOf(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(root, join(root, dirname(page), decodeURIComponent(path)));
  if (!existsSync(join(root, target))) return `${page}: ${link} leads nowhere`;
  if (anchor && !anchorsOf(pages.get(target) ?? '').has(decodeURIComponent(anchor)))
    return `${page}: ${link}: no such heading`;
  return undefined;
}

describe('documents', () => {
  it('links between files of the repository resolve, headings too', () => {
    const problems = [...pages].flatMap(([page, text]) =>
      [...withoutCode(text).matchAll(/\]\(([^()\s]+)\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !/^[a-z]+:/.test(link))
        .map((link) => problemOf(page, link)),
    );
    assert.deepEqual(problems.filter(Boolean), []);
  });

  it('every page in English has its Chinese sister where the reader is an operator, and each names the other', () => {
    for (const page of ['README', 'docs/running', 'docs/migrate-maxleap', 'docs/migrate-jmessage', 'docs/push']) {
      const name = page.replace(/^.*\//, '');
      assert.match(read(`${page}.md`), new RegExp(`\\]\\(${name}\\.zh-CN\\.md\\)`));
      assert.match(read(`${page}.zh-CN.md`), new RegExp(`\\]\\(${name}\\.md\\)`));
    }
  });

  it('every variable of the configuration is explained, and no other is named', () => {
    const config = read('server/src/config.ts');
    const own = [...config.matchAll(/\bvalue\('([A-Z0-9_]+)'\)/g)].map(([, name]) => `HONGYAN_${name}`);
    assert.ok(own.length > 8, 'config.ts is read as expected');
    const elsewhere = `${config} ${read('server/src/keys.ts')}`.match(/HONGYAN_[A-Z0-9_]+/g) ?? [];
    const keyLines = [...read('server/src/keys.ts').matchAll(/`([A-Z_]+)=\$\{/g)].map(([, name]) => `HONGYAN_${name}`);
    const known = new Set([...own, ...elsewhere, ...keyLines]);
    for (const manual of manuals) {
      const named = new Set(read(manual).match(/HONGYAN_[A-Z0-9_]+/g));
      assert.deepEqual(
        own.filter((name) => !named.has(name)),
        [],
        `missing in ${manual}`,
      );
    }
    for (const [page, text] of pages) {
      const strange = (text.match(/HONGYAN_[A-Z0-9_]+/g) ?? []).filter(
        (name) => !known.has(name) && !name.startsWith('HONGYAN_TEST_'),
      );
      assert.deepEqual(strange, [], `${page} names what nothing reads`);
    }
  });

  it('every setting stands in both manuals with its default', () => {
    for (const manual of manuals) {
      const rows = read(manual).split('\n');
      for (const [name, { initial }] of Object.entries(settingSpecs)) {
        const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
        assert.ok(row, `${name} is missing in ${manual}`);
        const shown = row.split('|')[2]?.trim();
        if (Array.isArray(initial)) assert.doesNotMatch(shown ?? '', /`/, `default of ${name} in ${manual}`);
        else assert.equal(shown, `\`${initial}\``, `default of ${name} in ${manual}`);
      }
      const named = rows.map(
        (line) => /^\| `((?:(?:maxleap|leancloud|jmessage)\.)?[a-z][A-Za-z]+)` \| (?:`|空|empty)/.exec(line)?.[1],
      );
      const unknown = named.filter((name) => name !== undefined && !Object.hasOwn(settingSpecs, name));
      assert.deepEqual(unknown, [], `${manual} has settings that are none`);
    }
  });

  it('settings are set by names that exist', () => {
    for (const [page, text] of pages) {
      const assigned = [
        ...text.matchAll(/\b((?:(?:maxleap|leancloud|jmessage)\.)?[a-z]+[A-Z][A-Za-z]+)=(?:\d+|true|false|default)\b/g),
      ];
      const unknown = assigned.map(([, name = '']) => name).filter((name) => !Object.hasOwn(settingSpecs, name));
      assert.deepEqual(unknown, [], page);
    }
  });

  it('commands and scripts that are named exist', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    for (const [page, text] of pages) {
      for (const code of codeOf(text)) {
        for (const [, command] of code.matchAll(/(?:^|`|npx )hongyan ([a-z][a-z-]*)/gm))
          assert.ok(existsSync(join(root, `server/src/cli/${command}.ts`)), `${page}: hongyan ${command}`);
        for (const [, script = ''] of code.matchAll(/\bnpm run ([a-z:-]+)/g))
          assert.ok(scripts.includes(script), `${page}: npm run ${script}`);
      }
    }
  });

  it('the README shows the three commands that everybody needs, in both languages', () => {
    for (const page of ['README.md', 'README.zh-CN.md'])
      for (const command of ['npm ci', 'npm start', 'npm test'])
        assert.ok(read(page).includes(command), `${page}: ${command}`);
  });
});
