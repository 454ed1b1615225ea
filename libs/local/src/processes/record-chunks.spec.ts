import { encodeRecord } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { RecordChunks } from './record-chunks.js';

/** What comes out, chunk by chunk, when bytes go in cut like this. */
async function through(...chunks: string[]): Promise<string[]> {
  const records = new RecordChunks();
  const out: string[] = [];
  records.on('data', (chunk: Buffer) => out.push(chunk.toString()));
  for (const chunk of chunks) records.write(Buffer.from(chunk));
  records.end();
  await new Promise((resolve) => records.once('end', resolve));
  return out;
}

describe('RecordChunks', () => {
  const one = encodeRecord('{"a":1}').toString();
  const two = encodeRecord('{"b":"zwei"}').toString();

  it('takes records apart that came together', async () => {
    expect(await through(one + two)).toEqual([one, two]);
  });

  it('puts a record together that came in parts, its length included', async () => {
    expect(await through(one.slice(0, 1), one.slice(1, 5), one.slice(5) + two.slice(0, 3), two.slice(3))).toEqual([
      one,
      two,
    ]);
  });

  it('passes on what is no event stream', async () => {
    expect(await through('{"frameworks"', ':[]}')).toEqual(['{"frameworks"', ':[]}']);
  });
});
