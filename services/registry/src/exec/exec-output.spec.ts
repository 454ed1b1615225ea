import { type AgentProcessIO, encodeRecord } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { endOf, outputLines, type SessionEnd } from './exec-output.js';

const data = (type: 'STDOUT' | 'STDERR', text: string): AgentProcessIO => ({
  type: 'DATA',
  data: { type, data: Buffer.from(text).toString('base64') },
});
const HEARTBEAT: AgentProcessIO = { type: 'CONTROL', control: { type: 'HEARTBEAT' } };

async function linesOf(ios: readonly AgentProcessIO[], end: SessionEnd, pieceBytes: number): Promise<unknown[]> {
  const bytes = Buffer.concat(ios.map((io) => encodeRecord(JSON.stringify(io))));
  async function* output(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  let text = '';
  for await (const line of outputLines('s1', output(), async () => end)) text += line.toString();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

describe('the output of a session', () => {
  it.each([1, 7, 1_000])(
    'is a line for each piece, however its records come: %d bytes at a time',
    async (pieceBytes) => {
      const ios = [data('STDOUT', 'a\nb'), HEARTBEAT, data('STDERR', 'ö')];
      expect(await linesOf(ios, { exitCode: 3 }, pieceBytes)).toEqual([
        { session: 's1' },
        { stdout: Buffer.from('a\nb').toString('base64') },
        {},
        { stderr: Buffer.from('ö').toString('base64') },
        { exitCode: 3 },
      ]);
    },
  );

  it('has no end where that of the agent broke off', async () => {
    async function* output(): AsyncGenerator<Buffer> {
      yield encodeRecord(JSON.stringify(data('STDOUT', 'a')));
      throw new Error('gone');
    }
    const lines = outputLines('s1', output(), async () => ({ exitCode: 0 }));
    const read: string[] = [];
    const reading = (async () => {
      for await (const line of lines) read.push(line.toString());
    })();
    await expect(reading).rejects.toThrow('gone');
    expect(read).toHaveLength(2);
  });
});

it.each([
  [0, { exitCode: 0 }],
  [3 << 8, { exitCode: 3 }],
  [9, { exitCode: 137 }],
  [0x80 | 11, { exitCode: 139 }],
])('a wait status of %d is %j', (exit_status, end) => {
  expect(endOf({ wait_nested_container: { exit_status } })).toEqual(end);
});

it('what could not be run has its reason', () => {
  expect(endOf({ wait_nested_container: { message: 'no such file' } })).toEqual({ error: 'no such file' });
  expect(endOf({})).toEqual({ error: 'the agent does not say how it ended' });
});
