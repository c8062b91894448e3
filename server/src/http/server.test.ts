import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { openLog } from '../log.ts';
import { openMetrics } from '../metrics.ts';
import { type Http, type HttpOptions, openHttp, parseQuery } from './server.ts';

type Opened = {
  http: Http;
  url: string;
  port: number;
  lines: Record<string, unknown>[];
  [Symbol.asyncDispose](): Promise<void>;
};

async function open(options: Partial<HttpOptions> = {}, prepare?: (http: Http) => void): Promise<Opened> {
  const lines: Record<string, unknown>[] = [];
  const log = openLog({ level: 'debug', destination: { write: (line) => void lines.push(JSON.parse(line)) } });
  const http = await openHttp({
    host: '127.0.0.1',
    port: 0,
    log,
    checks: [],
    metrics: openMetrics(),
    ...options,
  });
  prepare?.(http);
  const { port, url } = await http.listen();
  return { http, url, port, lines, [Symbol.asyncDispose]: () => http.close() };
}

/** Sends raw bytes, returns everything that comes back until the server closes. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  let answer = '';
  for await (const chunk of socket.setEncoding('latin1')) answer += chunk;
  return answer;
}

describe('paths that no door owns', () => {
  it('answers unknown paths in the shape of the owner of the prefix', async () => {
    await using server = await open();
    const unknown = await fetch(`${server.url}/nothing`);
    assert.equal(unknown.status, 404);
    assert.deepEqual(await unknown.json(), { errorCode: 5009, errorMessage: 'operation not supported' });
    const admin = await fetch(`${server.url}/admin/nothing`);
    assert.equal(admin.status, 404);
    assert.deepEqual(await admin.json(), { error: { code: 'not-found', message: 'operation not supported' } });
  });

  it('answers malformed percent-encoding, long segments and broken JSON with 400 or 414, never 500', async () => {
    await using server = await open({}, ({ fastify }) => {
      fastify.get('/things/:id', async () => 'found');
      fastify.post('/things', async () => 'made');
    });
    const cases: [string, RequestInit, number, number][] = [
      ['/things/%ff%', {}, 400, 5001],
      [`/things/${'a'.repeat(16 * 1024 + 1)}`, {}, 414, 5010],
      ['/things', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }, 400, 5001],
      [
        '/things',
        { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1), headers: { 'content-type': 'application/json' } },
        413,
        5010,
      ],
    ];
    for (const [path, init, status, errorCode] of cases) {
      const answer = await fetch(server.url + path, init);
      assert.equal(answer.status, status, path.slice(0, 40));
      assert.equal(((await answer.json()) as { errorCode: number }).errorCode, errorCode);
    }
  });

  it('tells nothing about what went wrong inside', async () => {
    await using server = await open({}, ({ fastify }) => {
      fastify.get('/broken', async () => {
        throw new Error('the secret is 42');
      });
    });
    const answer = await fetch(`${server.url}/broken`);
    assert.equal(answer.status, 500);
    assert.deepEqual(await answer.json(), { errorCode: 5002, errorMessage: 'internal error' });
    assert.ok(
      server.lines.some((line) => line.level === 'error' && JSON.stringify(line.error).includes('the secret is 42')),
    );
  });

  it('answers bytes that are no HTTP, and upgrades nobody wants', async () => {
    await using server = await open();
    assert.match(await raw(server.port, 'hello\r\n\r\n'), /^HTTP\/1\.1 400 .*"errorCode":5001/s);
    assert.match(
      await raw(server.port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`),
      /^HTTP\/1\.1 431 .*"errorCode":5010/s,
    );
    assert.match(
      await raw(server.port, 'GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
      /^HTTP\/1\.1 404 /,
    );
  });
});

describe('requests', () => {
  it('takes a trailing slash and doubled slashes as the plain path', async () => {
    await using server = await open({}, ({ fastify }) => fastify.get('/things/:id', async (request) => request.params));
    for (const path of ['/things/a', '/things/a/', '//things//a//']) {
      assert.deepEqual(await (await fetch(server.url + path)).json(), { id: 'a' }, path);
    }
  });

  it('takes the last of repeated query names, and a query without prototype', () => {
    assert.deepEqual({ ...parseQuery('a=1&b=2&a=3&c') }, { a: '3', b: '2', c: '' });
    assert.equal(Object.getPrototypeOf(parseQuery('a=1')), null);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
    assert.equal(parseQuery('__proto__=x&toString=y').toString as unknown, 'y');
    assert.equal(parseQuery('a=%zz').a, '%zz');
  });

  it('numbers every request itself and logs it without query, body or keys', async () => {
    await using server = await open({}, ({ fastify }) => fastify.post('/things', async () => 'made'));
    const answer = await fetch(`${server.url}/things?token=query-secret`, {
      method: 'POST',
      body: JSON.stringify({ word: 'body-secret' }),
      headers: { 'content-type': 'application/json', 'X-ML-APIKey': 'header-secret', 'X-Request-Id': 'mine' },
    });
    const id = answer.headers.get('x-request-id');
    await answer.text();
    assert.match(id ?? '', /^[0-9a-f]{8}-[0-9a-z]+$/);
    await server.http.close();
    const line = server.lines.find((one) => one.requestId === id);
    assert.deepEqual([line?.method, line?.path, line?.status, line?.area], ['POST', '/things', 200, 'http']);
    assert.doesNotMatch(JSON.stringify(server.lines), /-secret/);
  });

  it('shows gateways every request and upgrade first', async () => {
    const seen: string[] = [];
    await using server = await open({}, (http) =>
      http.mount({
        handleRequest(req, res) {
          seen.push(`request ${req.url}`);
          if (!req.url?.startsWith('/socket/')) return false;
          res.end('taken');
          return true;
        },
        handleUpgrade(req, socket) {
          seen.push(`upgrade ${req.url}`);
          socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
          return true;
        },
      }),
    );
    assert.equal(await (await fetch(`${server.url}/socket/?x=1`)).text(), 'taken');
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    assert.match(
      await raw(server.port, 'GET /any HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
      /^HTTP\/1\.1 101 /,
    );
    assert.deepEqual(seen, ['request /socket/?x=1', 'request /healthz', 'upgrade /any']);
  });
});

describe('health', () => {
  it('[CORE-382] is alive always, ready only while everything it needs is in order and nobody stops it, and says what is not', async () => {
    let store: boolean | Error = true;
    const checks = [
      {
        name: 'store',
        ok: async () => {
          if (store instanceof Error) throw store;
          return store;
        },
      },
      { name: 'bus', ok: () => store === true },
    ];
    await using server = await open({ checks });
    const answer = async (path: string) => {
      const response = await fetch(server.url + path);
      return [response.status, await response.json()];
    };
    assert.deepEqual(await answer('/healthz'), [200, { status: 'ok' }]);
    assert.deepEqual(await answer('/readyz'), [200, { status: 'ready' }]);
    for (store of [false, new Error('gone')])
      assert.deepEqual(await answer('/readyz'), [503, { status: 'not ready', because: ['store', 'bus'] }]);
    store = true;
    server.http.leave();
    assert.deepEqual(await answer('/healthz'), [200, { status: 'ok' }]);
    assert.deepEqual(await answer('/readyz'), [503, { status: 'not ready', because: ['stopping'] }]);
  });

  it('tells its figures to Prometheus', async () => {
    const metrics = openMetrics();
    await using server = await open({ metrics });
    metrics.watchConnections('maxleap', () => 7);
    metrics.messageIn('maxleap');
    metrics.messagesOut('maxleap', 3);
    metrics.error('maxleap', 'not-friends');
    metrics.committed(5, 2);
    await (await fetch(`${server.url}/healthz`)).text();
    const text = await (await fetch(`${server.url}/metrics`)).text();
    for (const line of [
      'hongyan_connections{door="maxleap"} 7',
      'hongyan_messages_in_total{door="maxleap"} 1',
      'hongyan_messages_out_total{door="maxleap"} 3',
      'hongyan_errors_total{door="maxleap",code="not-friends"} 1',
      'hongyan_commit_writes_sum 5',
      'hongyan_commit_seconds_sum 0.002',
      'hongyan_http_request_seconds_count{method="GET",status="2xx"} 1',
    ]) {
      assert.ok(text.includes(line), line);
    }
  });
});

describe('closing', () => {
  it('finishes the request in flight, refuses new connections, closes idle ones', async () => {
    let entered = (): void => {};
    let finish = (): void => {};
    const inFlight = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const server = await open({}, ({ fastify }) =>
      fastify.get('/slow', async () => {
        entered();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return 'finished';
      }),
    );
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    const slow = fetch(`${server.url}/slow`);
    await inFlight;
    const closed = server.http.close();
    await assert.rejects(raw(server.port, 'GET / HTTP/1.0\r\n\r\n'));
    finish();
    const answer = await slow;
    assert.equal(await answer.text(), 'finished');
    assert.equal(answer.headers.get('connection'), 'close');
    await closed;
  });

  it('waits no longer than its bound for a peer that never ends', async () => {
    const server = await open({ drainMsMax: 50 }, ({ fastify }) => fastify.get('/never', () => new Promise(() => {})));
    const never = raw(server.port, 'GET /never HTTP/1.1\r\nHost: a\r\n\r\n').catch(() => 'cut');
    await fetch(`${server.url}/healthz`);
    await server.http.close();
    assert.ok(['cut', ''].includes(await never));
  });
});
