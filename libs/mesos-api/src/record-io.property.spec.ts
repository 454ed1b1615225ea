import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecord, RecordDecoder } from './record-io.js';

const bytes = fc.uint8Array({ maxLength: 30 }).map((array) => Buffer.from(array));

describe('RecordIO', () => {
  it('gives records back however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(bytes), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (records, cuts) => {
        const stream = Buffer.concat(records.map(encodeRecord));
        const decoder = new RecordDecoder();
        const received: Buffer[] = [];
        for (let at = 0; at < stream.length; ) {
          const length = cuts.next().value ?? 1;
          received.push(...decoder.push(stream.subarray(at, at + length)));
          at += length;
        }
        expect(received).toEqual(records);
        expect(decoder.isAtBoundary).toBe(true);
      }),
    );
  });
});
