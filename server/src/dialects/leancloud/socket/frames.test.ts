// Frames as the vendor's own codec writes them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Command, decodeCommand, encodeCommand } from './frames.ts';
import { frameFor, packet } from './packets.ts';

const golden: readonly (readonly [what: string, hex: string, command: Command])[] = [
  [
    'heard: open, tag Web, device dev-1',
    '080010011a0864656d6f2d6170702203546f6d2801b2062322086a732f342e332e31280032035765623a056465762d31900180d0eab6b73398013b',
    {
      cmd: 'session',
      op: 'open',
      appId: 'demo-app',
      peerId: 'Tom',
      i: 1,
      sessionMessage: {
        ua: 'js/4.3.1',
        r: false,
        tag: 'Web',
        deviceId: 'dev-1',
        lastPatchTime: 1767225600000,
        configBitmap: 59,
      },
    },
  ],
  [
    'said: opened, st tok, ttl 3600',
    '080010052203546f6d280140024880d0eab6b733b206085203746f6b58901c',
    {
      cmd: 'session',
      op: 'opened',
      peerId: 'Tom',
      i: 1,
      service: 2,
      serverTs: 1767225600000,
      sessionMessage: { st: 'tok', stTtl: 3600 },
    },
  ],
  [
    'heard: reopen with st',
    '080010011a0864656d6f2d6170702203546f6d2802b2061c22086a732f342e332e3128015203746f6b900180d0eab6b73398013b',
    {
      cmd: 'session',
      op: 'open',
      appId: 'demo-app',
      peerId: 'Tom',
      i: 2,
      sessionMessage: { ua: 'js/4.3.1', r: true, st: 'tok', lastPatchTime: 1767225600000, configBitmap: 59 },
    },
  ],
  [
    'said: error 4112, i 2',
    '080728024002ba061a089020121553455353494f4e5f544f4b454e5f45585049524544',
    { cmd: 'error', i: 2, service: 2, errorMessage: { code: 4112, reason: 'SESSION_TOKEN_EXPIRED' } },
  ],
  [
    'said: conflict push',
    '080010062203546f6d4002b20615608f206a1053455353494f4e5f434f4e464c494354',
    {
      cmd: 'session',
      op: 'closed',
      peerId: 'Tom',
      service: 2,
      sessionMessage: { code: 4111, reason: 'SESSION_CONFLICT' },
    },
  ],
  [
    'heard: conv/start [Jerry,Tom] unique',
    '0801101e2803f206210a054a657272790a03546f6d1801ba06100a0e7b226e616d65223a2254264a227d',
    {
      cmd: 'conv',
      op: 'start',
      i: 3,
      convMessage: { m: ['Jerry', 'Tom'], unique: true, attr: { data: '{"name":"T&J"}' } },
    },
  ],
  [
    'said: started',
    '0801101f2203546f6d28034002f2063422183635613063306666656530303030303030303030616263642a18323032362d30312d30315430303a30303a30302e3030305a',
    {
      cmd: 'conv',
      op: 'started',
      peerId: 'Tom',
      i: 3,
      service: 2,
      convMessage: { cid: '65a0c0ffee0000000000abcd', cdate: '2026-01-01T00:00:00.000Z' },
    },
  ],
  [
    'heard: direct, r, dt tmp1',
    '08022804c206440a1d7b225f6c6374797065223a2d312c225f6c6374657874223a226869227d50015a183635613063306666656530303030303030303030616263647204746d7031a80100',
    {
      cmd: 'direct',
      i: 4,
      directMessage: {
        msg: '{"_lctype":-1,"_lctext":"hi"}',
        r: true,
        cid: '65a0c0ffee0000000000abcd',
        dt: 'tmp1',
        mentionAll: false,
      },
    },
  ],
  [
    'said: ack uid m-1',
    '08032203546f6d28044002ca062622183635613063306666656530303030303030303030616263642880d0eab6b73332036d2d31',
    {
      cmd: 'ack',
      peerId: 'Tom',
      i: 4,
      service: 2,
      ackMessage: { cid: '65a0c0ffee0000000000abcd', t: 1767225600000, uid: 'm-1' },
    },
  ],
  [
    'said: ack error 4401',
    '08032203546f6d28044002ca063708b1221218494e56414c49445f4d4553534147494e475f5441524745542218363561306330666665653030303030303030303061626364',
    {
      cmd: 'ack',
      peerId: 'Tom',
      i: 4,
      service: 2,
      ackMessage: { code: 4401, reason: 'INVALID_MESSAGING_TARGET', cid: '65a0c0ffee0000000000abcd' },
    },
  ],
  [
    'said: direct to Jerry',
    '080222054a657272794002c2064a0a1d7b225f6c6374797065223a2d312c225f6c6374657874223a226869227d1a03546f6d2080d0eab6b7335a1836356130633066666565303030303030303030306162636462036d2d31',
    {
      cmd: 'direct',
      peerId: 'Jerry',
      service: 2,
      directMessage: {
        msg: '{"_lctype":-1,"_lctext":"hi"}',
        fromPeerId: 'Tom',
        timestamp: 1767225600000,
        cid: '65a0c0ffee0000000000abcd',
        id: 'm-1',
      },
    },
  ],
  [
    'heard: client ack range',
    '080322054a65727279ca062822183635613063306666656530303030303030303030616263643880d0eab6b7334080d0eab6b733',
    {
      cmd: 'ack',
      peerId: 'Jerry',
      ackMessage: { cid: '65a0c0ffee0000000000abcd', fromts: 1767225600000, tots: 1767225600000 },
    },
  ],
  [
    'said: rcp',
    '08042203546f6d4002e2062d0a036d2d3112183635613063306666656530303030303030303030616263641880d0eab6b7332a054a65727279',
    {
      cmd: 'rcp',
      peerId: 'Tom',
      service: 2,
      rcpMessage: { id: 'm-1', cid: '65a0c0ffee0000000000abcd', t: 1767225600000, from: 'Jerry' },
    },
  ],
  [
    'said: unread 1',
    '080522054a657272794002d206570a4e0a1836356130633066666565303030303030303030306162636410011a036d2d312080d0eab6b7332a03546f6d321d7b225f6c6374797065223a2d312c225f6c6374657874223a226869227d50011080d0eab6b733',
    {
      cmd: 'unread',
      peerId: 'Jerry',
      service: 2,
      unreadMessage: {
        convs: [
          {
            cid: '65a0c0ffee0000000000abcd',
            unread: 1,
            mid: 'm-1',
            timestamp: 1767225600000,
            from: 'Tom',
            data: '{"_lctype":-1,"_lctext":"hi"}',
            convType: 1,
          },
        ],
        notifTime: 1767225600000,
      },
    },
  ],
  [
    'heard: logs l 10 OLD',
    '08062807ea061e0a18363561306330666665653030303030303030303061626364100a5001',
    { cmd: 'logs', i: 7, logsMessage: { cid: '65a0c0ffee0000000000abcd', l: 10, direction: 'OLD' } },
  ],
  [
    'said: logs, one item',
    '08062203546f6d28074002ea063b0a18363561306330666665653030303030303030303061626364ca061e0a03546f6d120268691880d0eab6b73322036d2d312880d0eab6b7335000',
    {
      cmd: 'logs',
      peerId: 'Tom',
      i: 7,
      service: 2,
      logsMessage: {
        cid: '65a0c0ffee0000000000abcd',
        logs: [{ from: 'Tom', data: 'hi', timestamp: 1767225600000, msgId: 'm-1', ackAt: 1767225600000, bin: false }],
      },
    },
  ],
  [
    'said: patch push, recall',
    '081210960122054a6572727940029207480a460a1836356130633066666565303030303030303030306162636412036d2d311880d0eab6b73320012a107b225f6c6374797065223a2d3132377d3085d0eab6b7333a03546f6d',
    {
      cmd: 'patch',
      op: 'modify',
      peerId: 'Jerry',
      service: 2,
      patchMessage: {
        patches: [
          {
            cid: '65a0c0ffee0000000000abcd',
            mid: 'm-1',
            timestamp: 1767225600000,
            recall: true,
            data: '{"_lctype":-127}',
            patchTimestamp: 1767225600005,
            from: 'Tom',
          },
        ],
      },
    },
  ],
  [
    'said: patch/modified',
    '08121097012203546f6d280640029207071085d0eab6b733',
    { cmd: 'patch', op: 'modified', peerId: 'Tom', i: 6, service: 2, patchMessage: { lastPatchTime: 1767225600005 } },
  ],
  [
    'said: members_joined [Mary]',
    '080110212203546f6d40024880d0eab6b733f2063f0a044d61727922183635613063306666656530303030303030303030616263643203546f6d6218323032362d30312d30315430303a30303a30302e3030305a',
    {
      cmd: 'conv',
      op: 'members_joined',
      peerId: 'Tom',
      service: 2,
      serverTs: 1767225600000,
      convMessage: { m: ['Mary'], cid: '65a0c0ffee0000000000abcd', initBy: 'Tom', udate: '2026-01-01T00:00:00.000Z' },
    },
  ],
  [
    'said: added: Mary ok, Eve 4548',
    '0801100a2203546f6d28094002f2065722183635613063306666656530303030303030303030616263646218323032362d30312d30315430303a30303a30302e3030305af201044d617279fa011908c423120f424c4f434b45445f42595f434f4e562a03457665',
    {
      cmd: 'conv',
      op: 'added',
      peerId: 'Tom',
      i: 9,
      service: 2,
      convMessage: {
        cid: '65a0c0ffee0000000000abcd',
        udate: '2026-01-01T00:00:00.000Z',
        allowedPids: ['Mary'],
        failedPids: [{ code: 4548, reason: 'BLOCKED_BY_CONV', pids: ['Eve'] }],
      },
    },
  ],
  [
    'heard: add_shutup Eve',
    '080110b401280af2061f0a034576652218363561306330666665653030303030303030303061626364',
    { cmd: 'conv', op: 'add_shutup', i: 10, convMessage: { m: ['Eve'], cid: '65a0c0ffee0000000000abcd' } },
  ],
  [
    'heard: blacklist/block Eve',
    '081410aa01280ba2071f0a183635613063306666656530303030303030303030616263641203457665',
    { cmd: 'blacklist', op: 'block', i: 11, blacklistMessage: { srcCid: '65a0c0ffee0000000000abcd', toPids: ['Eve'] } },
  ],
  ['said: goaway', '0815', { cmd: 'goaway' }],
  ['both: echo i 12', '080e280c', { cmd: 'echo', i: 12 }],
];

describe('frames', () => {
  for (const [what, hex, command] of golden) {
    it(`[LC-109] ${what}`, () => {
      assert.deepEqual(decodeCommand(Buffer.from(hex, 'hex')), command);
      assert.equal(encodeCommand(command).toString('hex'), hex);
    });
  }

  it('[LC-109] a packet is encoded once, with each listener behind it', () => {
    const one = packet({ cmd: 'echo', i: 12 });
    const [tom, jerry] = [frameFor(one, 'Tom', 'binary'), frameFor(one, 'Jerry', 'binary')];
    assert.deepEqual(decodeCommand(tom.subarray(2)), { cmd: 'echo', i: 12, peerId: 'Tom' });
    assert.deepEqual(decodeCommand(jerry.subarray(2)), { cmd: 'echo', i: 12, peerId: 'Jerry' });
    const text = frameFor(one, undefined, 'base64');
    assert.equal(text.subarray(2).toString(), Buffer.from('080e280c', 'hex').toString('base64'));
  });

  it('[LC-109] bytes that are no command are none, and fields of tomorrow are skipped', () => {
    assert.equal(decodeCommand(Buffer.from('ffffff', 'hex')), undefined);
    assert.deepEqual(decodeCommand(Buffer.from('080e280cf80701', 'hex')), { cmd: 'echo', i: 12 });
  });
});
