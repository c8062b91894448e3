import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { originOf, remoteAddress, trustIn } from './trust.ts';

/** What the two functions look at: the peer's address, whether it came by TLS, and headers. */
function from(address: string, headers: Record<string, string>, encrypted = false): IncomingMessage {
  return {
    headers,
    socket: { remoteAddress: address, ...(encrypted ? { encrypted: true } : {}) },
  } as unknown as IncomingMessage;
}

const trust = trustIn(['10.0.0.0/8', '192.168.1.1', 'fd00::/8']);

describe('trusted proxies', () => {
  it('are those that were named, in either way of writing them', () => {
    const table: [string, boolean][] = [
      ['10.1.2.3', true],
      ['::ffff:10.1.2.3', true],
      ['192.168.1.1', true],
      ['192.168.1.2', false],
      ['127.0.0.1', false],
      ['fd12::1', true],
      ['fe80::1', false],
      ['', false],
    ];
    for (const [address, expected] of table) assert.equal(trust(address), expected, address);
    assert.equal(trustIn([])('127.0.0.1'), false);
  });

  it("are looked through to the caller's address, from the near end", () => {
    const table: [string, string, string][] = [
      ['9.9.9.9', '1.1.1.1', '9.9.9.9'],
      ['10.0.0.1', '1.1.1.1', '1.1.1.1'],
      ['10.0.0.1', '6.6.6.6, 1.1.1.1', '1.1.1.1'],
      ['10.0.0.1', '6.6.6.6, 1.1.1.1, 10.0.0.2', '1.1.1.1'],
      ['10.0.0.1', '', '10.0.0.1'],
      ['10.0.0.1', 'no address', '10.0.0.1'],
      ['::ffff:10.0.0.1', '::ffff:1.1.1.1', '1.1.1.1'],
      ['fd00::1', '2001:db8::7', '2001:db8::7'],
    ];
    for (const [peer, forwarded, expected] of table) {
      assert.equal(
        remoteAddress(from(peer, { 'x-forwarded-for': forwarded }), trust),
        expected,
        `${peer} ${forwarded}`,
      );
    }
  });

  it('tell scheme and host; others do not', () => {
    const told = { host: 'inner:8787', 'x-forwarded-host': 'chat.example.com', 'x-forwarded-proto': 'https' };
    assert.equal(originOf(from('10.0.0.1', told), trust), 'https://chat.example.com');
    assert.equal(originOf(from('9.9.9.9', told), trust), 'http://inner:8787');
    assert.equal(originOf(from('9.9.9.9', told, true), trust), 'https://inner:8787');
    assert.equal(
      originOf(from('10.0.0.1', { ...told, 'x-forwarded-proto': 'javascript' }), trust),
      'http://chat.example.com',
    );
    for (const host of ['', 'a b', 'a/b', 'a"b', 'evil@host', 'a\r\nb']) {
      assert.equal(originOf(from('9.9.9.9', { host }), trust), undefined, host);
    }
    assert.equal(originOf(from('9.9.9.9', { host: '[::1]:80' }), trust), 'http://[::1]:80');
  });
});
