import type { Readable } from 'node:stream';
import { RecordDecoder } from '@tranche/mesos-api';

/** The records of a streamed body as they come. @throws RecordIoError for one that is none */
export async function* readRecords(body: Readable | undefined): AsyncGenerator<Buffer, void, undefined> {
  if (body === undefined) return;
  const decoder = new RecordDecoder();
  for await (const chunk of body as AsyncIterable<Buffer>) yield* decoder.push(chunk);
}
