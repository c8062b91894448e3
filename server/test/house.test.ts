// The law of the house: who may import whom, how long a page is, and that every rule in docs/spec is proven by a test.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const skipped = new Set(['node_modules', 'dist', 'data', '.git']);

function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).filter(({ name }) => !skipped.has(name));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path.split(sep).join('/')];
  });
}

const allFiles = filesBelow('.').map((path) => path.replace(/^\.\//, ''));
const pages = allFiles.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
const texts = new Map(pages.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
const textOf = (path: string): string => texts.get(path) ?? '';
const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.includes('/test/');
const sources = pages.filter((path) => path.startsWith('server/src/') && !isTest(path));

const specifier = /^\s*(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(path: string): string[] {
  return [...textOf(path).matchAll(specifier)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Path below server/src of a relative import. */
const target = (path: string, name: string): string =>
  relative(join(root, 'server/src'), join(root, dirname(path), name))
    .split(sep)
    .join('/');

/** Node's modules without a world outside: nothing that opens a file, a socket or a process. */
const pureModules = [
  'assert',
  'buffer',
  'crypto',
  'events',
  'stream',
  'stream/promises',
  'timers/promises',
  'util',
  'zlib',
];

type Law = { readonly zone: RegExp; readonly inside: RegExp; readonly packages: boolean };

/** The first law whose zone fits is the one in force. `inside`: what it may import of server/src. */
const laws: readonly Law[] = [
  { zone: /^core\//, inside: /^core\//, packages: false },
  { zone: /^realtime\//, inside: /^(core|realtime)\//, packages: false },
  ...['store', 'bus', 'presence', 'blobs', 'http', 'words', 'accounts', 'sms', 'identity', 'push', 'import'].map(
    (adapter) => ({
      zone: new RegExp(`^${adapter}/`),
      inside: new RegExp(`^(core|${adapter})/`),
      packages: true,
    }),
  ),
  ...['maxleap', 'leancloud', 'jmessage'].map((dialect) => ({
    zone: new RegExp(`^dialects/${dialect}/`),
    inside: new RegExp(`^(core|realtime|http|dialects/${dialect})/`),
    packages: true,
  })),
  { zone: /^main\.ts$/, inside: /^(cli\/|config\.ts$)/, packages: false },
  { zone: /^cli\//, inside: /^(?!main\.ts$)/, packages: true },
  { zone: /^server\.ts$/, inside: /^(?!main\.ts$|cli\/)/, packages: true },
  { zone: /^[\w-]+\.ts$/, inside: /^(core\/|[\w-]+\.ts$)/, packages: true },
];

function breaches(path: string): string[] {
  const place = path.slice('server/src/'.length);
  const law = laws.find(({ zone }) => zone.test(place));
  if (!law) return [`${path} is in no zone that the law of imports knows`];
  const wrong = importsOf(path).filter((name) => {
    if (name.startsWith('.')) return !law.inside.test(target(path, name));
    if (name.startsWith('node:')) return place.startsWith('core/') && !pureModules.includes(name.slice(5));
    return !law.packages;
  });
  return wrong.map((name) => `${path} imports ${name}`);
}

describe('the law of imports', () => {
  it('is kept by every file of the server', () => {
    assert.ok(sources.length > 50);
    assert.deepEqual(sources.flatMap(breaches), []);
  });

  it('leaves no circles', () => {
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (path: string, way: readonly string[]): void => {
      if (state.get(path) === 'done') return;
      if (state.get(path) === 'open') {
        circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
        return;
      }
      state.set(path, 'open');
      for (const name of importsOf(path)) {
        if (name.startsWith('.')) visit(`server/src/${target(path, name)}`, [...way, path]);
      }
      state.set(path, 'done');
    };
    for (const path of sources) visit(path, []);
    assert.deepEqual(circles, []);
  });
});

/** Every line of these files that the pattern fits, as `path:line`. */
function places(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

describe('pages', () => {
  const lengths = pages.map((path) => textOf(path).split('\n').length - 1);

  it('have at most 300 lines, and are neither closets nor crumbs on the whole', () => {
    assert.deepEqual(
      pages.filter((_, index) => (lengths[index] ?? 0) > 300),
      [],
    );
    const median = [...lengths].sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;
    assert.ok(median >= 30 && median <= 200, `the median page has ${median} lines`);
  });

  it('have kebab-case names and named exports only', () => {
    const odd = pages.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/.test(path.split('/').at(-1) ?? ''));
    assert.deepEqual(odd, []);
    assert.deepEqual(places(sources, /^export default\b/), []);
  });

  it('read the environment in config.ts only, and print through the log or the command', () => {
    const others = sources.filter((path) => path !== 'server/src/config.ts');
    assert.deepEqual(places(others, /\bprocess\s*\.\s*env\b/), []);
    assert.deepEqual(places(sources, /(?<!\/)\bconsole\s*\./), []);
  });

  it('leave nothing for later, and skip no test without a reason', () => {
    // Written apart, so that this page does not find itself.
    assert.deepEqual(places(pages, new RegExp(`\\b(${['TO', 'DO|FIX', 'ME|XX', 'X'].join('')})\\b`)), []);
    const tests = pages.filter(isTest);
    assert.deepEqual(
      places(tests, /\b(?:it|test|describe|suite)\.(?:only|skip|todo)\(|, *\{[^}]*\b(?:skip|todo|only): *true\b/),
      [],
    );
  });

  it('speak of the project, not of one machine', () => {
    const written = allFiles.filter(
      (path) => /\.(ts|js|md|json|yml|sh)$|^\.ci\//.test(path) && !path.endsWith('-lock.json'),
    );
    assert.ok(written.includes('package.json'));
    assert.deepEqual(places(written, /(?<![\w.:$}/-])\/(?:work|home|Users|root|farm)\/\w/), []);
  });
});

describe('rules', () => {
  it('in docs/spec have a test each, and tests name rules that exist', () => {
    const spec = allFiles.filter((path) => /^docs\/spec\/.*\.md$/.test(path));
    const told = spec.flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/^- \*\*([A-Z]+-\d+)\*\* \S/gm)].map(
        (match) => match[1] ?? '',
      ),
    );
    const proven = new Set(
      pages
        .filter((path) => /^(server|conformance)\//.test(path))
        .flatMap((path) => [...textOf(path).matchAll(/['"`]((?:\[[A-Z]+-\d+\] ?)+)/g)])
        .flatMap((match) => [...(match[1] ?? '').matchAll(/[A-Z]+-\d+/g)].map(([number]) => number)),
    );
    const sorted = (numbers: Iterable<string>): string[] =>
      [...numbers].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    assert.deepEqual(
      told.filter((number, index) => told.indexOf(number) !== index),
      [],
      'told twice',
    );
    assert.deepEqual(sorted(told.filter((number) => !proven.has(number))), [], 'told in docs/spec, proven by no test');
    assert.deepEqual(
      sorted([...proven].filter((number) => !told.includes(number))),
      [],
      'named by tests, told nowhere',
    );
  });
});
