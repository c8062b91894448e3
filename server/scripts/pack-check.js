// Packs the server, installs the packed file into an empty folder as a stranger would, and runs it there. Needs the
// package registry, so it is a command of its own (`npm run pack:check`) and no part of `npm test`.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hongyan-pack-'));
const startMsMax = 30_000;
const stopMsMax = 15_000;

const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** Resolves with the URL that the server prints. */
async function urlOf(server) {
  let output = '';
  server.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk;
  });
  const deadline = Date.now() + startMsMax;
  while (Date.now() < deadline && server.exitCode === null) {
    const url = /listening on (http:\S+)/.exec(output)?.[1];
    if (url) return url;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the packed server did not start:\n${output}`);
}

try {
  const [packed] = Object.values(
    JSON.parse(npm(['pack', '-w', 'server', '--json', '--pack-destination', folder], root)),
  );
  const names = packed.files.map(({ path }) => path);
  for (const name of ['dist/main.js', 'dist/web/index.html', 'bin/hongyan.js', 'LICENSE', 'README.md', 'package.json'])
    assert.ok(names.includes(name), name);
  assert.deepEqual(
    names.filter((name) => name.endsWith('.ts') || name.includes('test')),
    [],
  );

  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  npm(['install', '--no-audit', '--no-fund', join(folder, packed.filename)], folder);
  assert.match(npm(['exec', '--offline', '--', 'hongyan', '--help'], folder), /Usage: hongyan/);

  const data = join(folder, 'data');
  const env = { ...process.env, HONGYAN_PORT: '0', HONGYAN_DATA: data, HONGYAN_LOG_LEVEL: 'warn' };
  const server = spawn(join(folder, 'node_modules', '.bin', 'hongyan'), ['serve'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await urlOf(server);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    assert.equal((await fetch(`${url}/docs/viewer/swagger-ui.css`)).status, 200);
    assert.match(await (await fetch(`${url}/`)).text(), /src="\/assets\//);
    assert.equal((await fetch(`${url}/demo.json`)).status, 200);
    const [, id, key] = /APP_ID=(\S+)\n.*CLIENT_KEY=(\S+)/.exec(readFileSync(join(data, 'keys.env'), 'utf8'));
    const answer = await fetch(`${url}/ctx/ann/friends/bob`, {
      method: 'POST',
      headers: { 'X-ML-AppId': id, 'X-ML-APIKey': key },
    });
    assert.ok(answer.ok, `making friends answered ${answer.status}`);
    const gone = once(server, 'exit', { signal: AbortSignal.timeout(stopMsMax) });
    server.kill('SIGTERM');
    assert.deepEqual(await gone, [0, null]);
  } finally {
    server.kill('SIGKILL');
  }
  process.stdout.write(
    `${packed.filename}: ${names.length} files, ${Math.round(packed.size / 1024)} KiB; installed, started, answered, stopped\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
