// The files for deployment name what is there: metrics, variables, nodes, paths.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openMetrics } from '../src/metrics.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, 'deploy', path), 'utf8');

describe('deployment', () => {
  it('the dashboard draws metrics that a node tells', async () => {
    const told = new Set((await openMetrics().text()).match(/^# TYPE \S+ \S+$/gm)?.map((line) => line.split(' ')[2]));
    const { panels } = JSON.parse(read('grafana/dashboards/hongyan.json')) as {
      panels: { targets: { expr: string }[] }[];
    };
    const drawn = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(?:hongyan|nodejs|process)_\w+/g) ?? []),
    );
    assert.ok(drawn.length >= 12);
    const unknown = drawn.filter((name) => !told.has(name) && !told.has(name.replace(/_(bucket|sum|count)$/, '')));
    assert.deepEqual(unknown, []);
    const ours = [...told].filter((name) => name?.startsWith('hongyan_'));
    assert.deepEqual(
      ours.filter((name) => !drawn.some((one) => one.startsWith(name ?? ''))),
      [],
      'drawn nowhere',
    );
  });

  it('every variable that is set is one that the configuration reads', () => {
    const config = readFileSync(join(root, 'server/src/config.ts'), 'utf8');
    const known = new Set([...config.matchAll(/\bvalue\('([A-Z0-9_]+)'\)/g)].map(([, name]) => `HONGYAN_${name}`));
    const set = [...`${read('compose.yml')}\n${read('Dockerfile')}`.matchAll(/\b(HONGYAN_[A-Z0-9_]+)[:=]\s/g)].map(
      ([, name = '']) => name,
    );
    assert.ok(set.length >= 6);
    assert.deepEqual(
      set.filter((name) => !known.has(name)),
      [],
    );
  });

  it('the balancer and the watcher know the same nodes as compose.yml starts', () => {
    const nodes = [...read('compose.yml').matchAll(/^ {2}(node\d+): \*node$/gm)].map(([, name]) => name);
    assert.equal(nodes.length, 3);
    for (const [path, times] of [
      ['nginx.conf', 2],
      ['prometheus.yml', 1],
    ] as const) {
      const named = read(path).match(/\bnode\d+(?=:8787)/g) ?? [];
      assert.deepEqual(named.sort(), nodes.flatMap((name) => Array(times).fill(name)).sort(), path);
    }
  });

  it('files that are mounted or copied are there', () => {
    const mounted = [...read('compose.yml').matchAll(/\.\/([\w./-]+):\//g)].map(([, path = '']) => path);
    assert.ok(mounted.length >= 4);
    assert.deepEqual(
      mounted.filter((path) => !existsSync(join(root, 'deploy', path))),
      [],
    );
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from|\.)(.+) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    assert.ok(copied.includes('package-lock.json'));
    assert.deepEqual(
      copied.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });
});
