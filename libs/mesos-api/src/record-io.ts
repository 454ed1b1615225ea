/**
 * RecordIO, the framing of event streams: each record is its length in bytes as decimal ASCII, a newline, and that many
 * bytes. Nothing follows a record.
 */

/** A stream that breaks the framing, or a record beyond the limit. The stream cannot be read any further. */
export class RecordIoError extends Error {
  readonly code: 'record-io/malformed-length' | 'record-io/record-too-large';

  constructor(code: RecordIoError['code'], message: string) {
    super(message);
    this.name = 'RecordIoError';
    this.code = code;
  }
}

/** A record whose payload is in pieces, in one buffer. */
export function encodeRecordOf(pieces: readonly Buffer[]): Buffer {
  const sizeBytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const head = Buffer.from(`${sizeBytes}\n`, 'latin1');
  return Buffer.concat([head, ...pieces], head.length + sizeBytes);
}

/**
 * One record in one buffer, so that it can leave in a single write: clients exist that take a chunk for a record.
 *
 * @param payload bytes, or text that is written as UTF-8
 */
export function encodeRecord(payload: string | Buffer): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const head = `${length}\n`;
  const record = Buffer.allocUnsafe(head.length + length);
  record.write(head, 'latin1');
  if (typeof payload === 'string') record.write(payload, head.length);
  else payload.copy(record, head.length);
  return record;
}

const NEWLINE = 0x0a;
/** Digits of the largest unsigned 64-bit number. */
const MAX_LENGTH_DIGITS = 20;

/** Finds the records in a byte stream, however it is cut into chunks. */
export class RecordDecoder {
  private readonly maxRecordBytes: number;
  /** Bytes received and not yet part of a record that was handed out. */
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** Length of the record being received; undefined while its length line is. */
  private expectedBytes: number | undefined;

  /** @param options.maxRecordBytes largest record that is accepted; 64 MiB when absent */
  constructor(options: { readonly maxRecordBytes?: number } = {}) {
    this.maxRecordBytes = options.maxRecordBytes ?? 64 * 1024 * 1024;
  }

  /** True when the stream may end here: no record is half received. */
  get isAtBoundary(): boolean {
    return this.pendingBytes === 0 && this.expectedBytes === undefined;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @returns the records that are complete now, oldest first
   * @throws RecordIoError when a length line is malformed or a record is too large
   */
  push(chunk: Buffer): Buffer[] {
    if (chunk.length > 0) {
      this.pending.push(chunk);
      this.pendingBytes += chunk.length;
    }
    const records: Buffer[] = [];
    while (this.expectedBytes !== undefined || this.readLength()) {
      const record = this.take(this.expectedBytes ?? 0);
      if (record === undefined) break;
      this.expectedBytes = undefined;
      records.push(record);
    }
    return records;
  }

  /** Reads the length line if all of it is here. */
  private readLength(): boolean {
    const head = this.joined();
    const end = head.indexOf(NEWLINE);
    const digits = head.toString('latin1', 0, Math.min(end < 0 ? head.length : end, MAX_LENGTH_DIGITS + 1));
    if (!/^\d*$/.test(digits) || digits.length > MAX_LENGTH_DIGITS || end === 0) {
      throw new RecordIoError('record-io/malformed-length', `length of a record is not a number: ${show(digits)}`);
    }
    if (end < 0) return false;
    const length = Number(digits);
    if (length > this.maxRecordBytes) {
      throw new RecordIoError(
        'record-io/record-too-large',
        `record of ${digits} bytes is above the limit of ${this.maxRecordBytes} bytes`,
      );
    }
    this.replacePending(head.subarray(end + 1));
    this.expectedBytes = length;
    return true;
  }

  private take(length: number): Buffer | undefined {
    if (this.pendingBytes < length) return undefined;
    const bytes = this.joined();
    this.replacePending(bytes.subarray(length));
    return bytes.subarray(0, length);
  }

  /** Chunks are joined only when a record or its length is looked for, so a large record is copied once. */
  private joined(): Buffer {
    if (this.pending.length !== 1) this.pending = [Buffer.concat(this.pending)];
    return this.pending[0] ?? Buffer.alloc(0);
  }

  private replacePending(rest: Buffer): void {
    this.pending = rest.length > 0 ? [rest] : [];
    this.pendingBytes = rest.length;
  }
}

function show(text: string): string {
  return JSON.stringify(text);
}
