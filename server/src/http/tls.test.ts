import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/kit/eventually.ts';
import { openLog } from '../log.ts';
import { openHttp } from './server.ts';
import { readTlsPair, type TlsFiles } from './tls.ts';

/** Two self-signed pairs, valid for a hundred years: CN=first and CN=second. */
const pair = (name: string, part: 'cert' | 'key'): string =>
  fileURLToPath(new URL(`../../test/kit/tls/${name}.${part}.pem`, import.meta.url));

let dir: string;
let files: TlsFiles;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hongyan-test-'));
  files = { certPath: join(dir, 'cert.pem'), keyPath: join(dir, 'key.pem') };
  await use('first');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function use(name: string): Promise<void> {
  await copyFile(pair(name, 'cert'), files.certPath);
  await copyFile(pair(name, 'key'), files.keyPath);
}

async function dial(port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  return socket;
}

/** Common name of the certificate that a new connection is shown. */
async function shownAt(port: number): Promise<string> {
  const socket = await dial(port);
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

async function ask(socket: TLSSocket, text: string): Promise<string> {
  const answer = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString('latin1'))));
  socket.write(text);
  return answer;
}

describe('HTTPS', () => {
  it('puts renewed files into force for new connections, keeps the old ones while they do not fit', async () => {
    const lines: string[] = [];
    const log = openLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
    const http = await openHttp({
      host: '127.0.0.1',
      port: 0,
      tls: files,
      log,
      checks: [],
      tlsLookEveryMs: 20,
    });
    try {
      const { port, url } = await http.listen();
      assert.equal(url, `https://127.0.0.1:${port}`);
      assert.equal(await shownAt(port), 'first');
      const early = await dial(port);
      assert.match(await ask(early, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'), /^HTTP\/1\.1 200 /);

      await writeFile(files.certPath, 'not a certificate');
      await eventually('the wrong file is reported', () =>
        lines.some((line) => line.includes('the old certificate stays')),
      );
      assert.equal(await shownAt(port), 'first');

      await use('second');
      await eventually('the new certificate is shown', async () => (await shownAt(port)) === 'second');
      assert.match(await ask(early, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'), /^HTTP\/1\.1 200 /);
      early.destroy();
    } finally {
      await http.close();
    }
  });

  it('carries upgrades as well', async () => {
    const http = await openHttp({
      host: '127.0.0.1',
      port: 0,
      tls: files,
      log: openLog({ level: 'silent' }),
      checks: [],
    });
    http.mount({
      handleRequest: () => false,
      handleUpgrade(_req, socket) {
        socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
        return true;
      },
    });
    try {
      const { port } = await http.listen();
      const socket = await dial(port);
      assert.match(
        await ask(socket, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
        /^HTTP\/1\.1 101 /,
      );
      socket.destroy();
    } finally {
      await http.close();
    }
  });

  it('does not start with a key of another certificate', async () => {
    await copyFile(pair('second', 'key'), files.keyPath);
    await assert.rejects(readTlsPair(files));
  });
});
