import { Transform } from 'node:stream';
import { encodeRecord, RecordDecoder } from '@tranche/mesos-api';

const DIGITS = { first: 0x30, last: 0x39 };

/**
 * Lets each record of an event stream leave as one chunk, however the bytes have come in.
 *
 * Some clients take a chunk for a record; a proxy sees what the socket gave it, which may be half a record or three. What does not begin
 * with the length of a record passes as it is.
 */
export class RecordChunks extends Transform {
  private decoder: RecordDecoder | undefined;
  private isFirst = true;

  constructor() {
    // Objects, though all of them are buffers: a stream of bytes may join what waits.
    super({ readableObjectMode: true });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const [first] = chunk;
    if (this.isFirst && first !== undefined) {
      this.isFirst = false;
      if (first >= DIGITS.first && first <= DIGITS.last) this.decoder = new RecordDecoder();
    }
    try {
      if (this.decoder === undefined) this.push(chunk);
      else for (const record of this.decoder.push(chunk)) this.push(encodeRecord(record));
      done();
    } catch (error) {
      done(error as Error);
    }
  }
}
