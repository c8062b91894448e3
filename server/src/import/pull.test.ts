import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { SourceError } from '../core/imports/source.ts';
import { openPull } from './pull.ts';

type Reply = { status: number; body: string; headers?: Record<string, string> };

describe('asking a service', () => {
  let server: Server;
  let base = '';
  const seen: number[] = [];
  let answers: (() => Reply)[] = [];
  before(async () => {
    server = createServer((request, response) => {
      seen.push(performance.now());
      const next = answers.shift() ?? ((): Reply => ({ status: 200, body: JSON.stringify({ url: request.url }) }));
      const { status, body, headers = {} } = next();
      if (status === 0) return response.destroy();
      response.writeHead(status, headers).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  after(() => server.close());

  it('[CORE-463] keeps its pace, waits when it is told to, tries again what may pass, and says what does not', async () => {
    const { pull } = openPull({ base, headers: {}, requestsPerSecond: 20 });
    const begun = performance.now();
    await Promise.all(Array.from({ length: 5 }, () => pull('/a', { q: 'x y' })));
    const spread = (seen.at(-1) ?? 0) - begun;
    assert.ok(spread >= 4 * 50 - 5, `five requests within ${spread} ms`);

    const eager = openPull({ base, headers: {}, requestsPerSecond: 0 });
    answers = [() => ({ status: 503, body: 'busy' }), () => ({ status: 0, body: '' })];
    assert.deepEqual(await eager.pull('/b'), { url: '/b' });
    assert.equal(eager.requests(), 3);

    answers = [() => ({ status: 429, body: '{"code":429}', headers: { 'Retry-After': '1' } })];
    const asked = performance.now();
    await eager.pull('/c');
    assert.ok(performance.now() - asked >= 1_000);

    answers = [() => ({ status: 401, body: '{"code":401,"error":"Unauthorized."}' })];
    await assert.rejects(eager.pull('/d'), (error) => error instanceof SourceError && error.status === 401);
    answers = Array.from({ length: 2 }, () => () => ({ status: 500, body: 'no' }));
    const impatient = openPull({ base, headers: {}, requestsPerSecond: 0, triesMax: 2 });
    await assert.rejects(impatient.pull('/e'), (error) => error instanceof SourceError && error.status === 500);
  });
});
