import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boundaryOf } from './multipart.ts';

describe('the boundary of a form', () => {
  const cases: [header: string, boundary: string | undefined][] = [
    ['multipart/form-data; boundary=X', 'X'],
    ['multipart/form-data;; boundary=X', 'X'],
    ['multipart/form-data; boundary=A; boundary=B', 'B'],
    ['multipart/form-data; boundary=A; boundary=B; boundary="C d"', 'C d'],
    ['multipart/form-data; boundary="a;b\\"c"; x=y', 'a;b"c'],
    ['multipart/form-data;BOUNDARY=X;', 'X'],
    ['multipart/form-data; name="boundary=Y"; boundary=X', 'X'],
    ['multipart/form-data', undefined],
    ['multipart/form-data; boundary=', undefined],
    ['multipart/form-data; boundary=""', undefined],
    ['multipart/mixed; boundary=X', undefined],
    ['application/json; boundary=X', undefined],
    ['', undefined],
    [`multipart/form-data; boundary=${'x'.repeat(201)}`, undefined],
    [`multipart/form-data; boundary="${'\\'.repeat(30_000)}`, undefined],
  ];
  for (const [header, boundary] of cases) {
    it(`[ML-88] ${header.slice(0, 70)} gives ${boundary}`, () => assert.equal(boundaryOf(header), boundary));
  }
});
