import { crc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32Combine } from './crc32-combine.js';
import { gzipOf } from './gzip-pieces.js';

const whole = async (pieces: readonly Buffer[]): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of gzipOf(pieces)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

describe('gzipOf', () => {
  it('gives what unpacks to the pieces in a row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string().map((text) => Buffer.from(text)),
          { maxLength: 20 },
        ),
        async (pieces) => {
          expect(gunzipSync(await whole(pieces)).equals(Buffer.concat(pieces))).toBe(true);
        },
      ),
    );
  });

  it('unpacks large pieces that repeat each other, in another row too', async () => {
    const [a, b] = ['a', 'b'].map((name) => Buffer.from(`{"${name}":"${'0123456789'.repeat(10_000)}"}`));
    for (const pieces of [
      [a, b],
      [b, a, b],
    ] as Buffer[][])
      expect(gunzipSync(await whole(pieces)).equals(Buffer.concat(pieces))).toBe(true);
    expect((await whole([a, b] as Buffer[])).length).toBeLessThan(10_000);
  });

  it('compresses a piece again after that has failed', async () => {
    const pieces = ['one', 'two'].map((text) => Buffer.from(text));
    const failing = gzipOf(pieces, () => Promise.reject(new Error('out of memory')));
    await failing.next();
    await expect(failing.next()).rejects.toThrow('out of memory');
    expect(gunzipSync(await whole(pieces)).toString()).toBe('onetwo');
  });
});

it('crc32Combine is the sum over both', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array({ maxLength: 3_000, size: 'max' }), (a, b) => {
      expect(crc32Combine(crc32(a), crc32(b), b.length)).toBe(crc32(Buffer.concat([a, b])));
    }),
  );
});
