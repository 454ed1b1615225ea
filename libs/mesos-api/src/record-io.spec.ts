import { describe, expect, it } from 'vitest';
import { encodeRecord, encodeRecordOf, RecordDecoder, RecordIoError } from './record-io.js';

const push = (decoder: RecordDecoder, text: string): string[] =>
  decoder.push(Buffer.from(text)).map((record) => record.toString());

describe('encodeRecord', () => {
  it('takes a payload in pieces', () => {
    const pieces = ['ab', '', 'c'].map((text) => Buffer.from(text));
    expect(encodeRecordOf(pieces)).toEqual(encodeRecord('abc'));
    expect(encodeRecordOf([])).toEqual(encodeRecord(''));
  });

  it('puts the length before the bytes', () => {
    expect(encodeRecord('{"type":"HEARTBEAT"}').toString()).toBe('20\n{"type":"HEARTBEAT"}');
  });

  it('counts bytes, not characters', () => {
    expect(encodeRecord('ü🚀').toString()).toBe('6\nü🚀');
  });

  it('takes bytes as they are', () => {
    expect(encodeRecord(Buffer.from([0x08, 0x08]))).toEqual(Buffer.from([0x32, 0x0a, 0x08, 0x08]));
  });
});

describe('RecordDecoder', () => {
  it('finds several records in one chunk', () => {
    expect(push(new RecordDecoder(), '1\na2\nbc')).toEqual(['a', 'bc']);
  });

  it('waits for the rest of a record and of a length', () => {
    const decoder = new RecordDecoder();
    expect(push(decoder, '1')).toEqual([]);
    expect(push(decoder, '0\n01234')).toEqual([]);
    expect(push(decoder, '567891\nx')).toEqual(['0123456789', 'x']);
  });

  it('takes a record of no bytes', () => {
    expect(push(new RecordDecoder(), '0\n1\na')).toEqual(['', 'a']);
  });

  it('knows whether the stream may end', () => {
    const decoder = new RecordDecoder();
    expect(decoder.isAtBoundary).toBe(true);
    push(decoder, '0');
    expect(decoder.isAtBoundary).toBe(false);
    push(decoder, '\n3\n');
    expect(decoder.isAtBoundary).toBe(false);
    push(decoder, 'abc');
    expect(decoder.isAtBoundary).toBe(true);
  });

  it.each(['x1\na', '-1\n', '1 \na', '\n', '1.5\n', '123456789012345678901234'])('refuses the length in %j', (text) => {
    expect(() => push(new RecordDecoder(), text)).toThrow(
      expect.objectContaining({ code: 'record-io/malformed-length' }) as RecordIoError,
    );
  });

  it('refuses a length as soon as it cannot become one', () => {
    expect(() => push(new RecordDecoder(), '{"type"')).toThrow('length of a record is not a number: "{\\"type\\""');
  });

  it('refuses a record above the limit before its bytes arrive', () => {
    const decoder = new RecordDecoder({ maxRecordBytes: 8 });
    expect(push(decoder, '8\n12345678')).toEqual(['12345678']);
    expect(() => push(decoder, '9\n')).toThrow('record of 9 bytes is above the limit of 8 bytes');
  });
});
