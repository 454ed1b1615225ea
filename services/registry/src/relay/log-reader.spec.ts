import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { AgentAnswer, AgentHttp } from './agent-http.port.js';
import { LogReader } from './log-reader.js';

const FILE = { agent: { agentId: 'a', ip: '10.0.0.1', port: 5051 }, path: '/sandbox/stdout' };
const NEVER = new AbortController().signal;

/** An agent with one file; following never ends by itself and gives odd pieces. */
class OneFileAgent implements Pick<AgentHttp, 'get'> {
  readonly asked: string[] = [];
  constructor(private readonly content: Buffer) {}

  async get(_agent: unknown, target: string): Promise<AgentAnswer> {
    this.asked.push(target);
    const url = new URL(target, 'http://agent');
    if (url.searchParams.get('path') !== FILE.path) return { status: 404, headers: {}, body: Readable.from([]) };
    if (url.pathname === '/files/read') {
      const text = JSON.stringify({ data: '', offset: this.content.length });
      return { status: 200, headers: {}, body: Readable.from([Buffer.from(text)]) };
    }
    const body = new Readable({ read: () => undefined });
    const rest = this.content.subarray(Number(url.searchParams.get('offset')));
    for (let i = 0; i < rest.length; i += 1_000) body.push(rest.subarray(i, i + 1_000));
    return { status: 200, headers: {}, body };
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

const tail = async (content: string, lines: number): Promise<string> => {
  const bytes = Buffer.from(content);
  const start = await new LogReader(new OneFileAgent(bytes)).startOfLastLines(FILE, bytes.length, lines, NEVER);
  return bytes.subarray(start).toString();
};

describe('LogReader', () => {
  it('says how large a file is', async () => {
    expect(await new LogReader(new OneFileAgent(Buffer.from('abc'))).size(FILE, NEVER)).toEqual({ sizeBytes: 3 });
  });

  it("passes on the agent's answer when there is no such file", async () => {
    const reader = new LogReader(new OneFileAgent(Buffer.alloc(0)));
    expect(await reader.size({ ...FILE, path: '/other' }, NEVER)).toMatchObject({ refused: { status: 404 } });
  });

  it('reads a range to the byte and ends although the file may grow', async () => {
    const content = Buffer.from('0123456789'.repeat(500));
    const reader = new LogReader(new OneFileAgent(content));
    expect(await textOf(reader.range(FILE, 5, 2_505, NEVER))).toBe(content.subarray(5, 2_505).toString());
  });

  it('asks for nothing when the range is empty', async () => {
    const agent = new OneFileAgent(Buffer.from('abc'));
    expect(await textOf(new LogReader(agent).range(FILE, 3, 3, NEVER))).toBe('');
    expect(agent.asked).toEqual([]);
  });

  it.each([
    ['a\nb\nc\n', 2, 'b\nc\n'],
    ['a\nb\nc', 2, 'b\nc'],
    ['a\nb\n', 5, 'a\nb\n'],
    ['a\n\n\n', 2, '\n\n'],
    ['a\nb\n', 0, ''],
    ['', 3, ''],
    ['\n', 1, '\n'],
    ['grüße\nwörld\n', 1, 'wörld\n'],
  ])('finds the last lines of %j by %i', async (content, lines, expected) => {
    expect(await tail(content, lines)).toBe(expected);
  });

  it('goes back over as many windows as it takes', async () => {
    const line = `${'x'.repeat(99)}\n`;
    expect(await tail(line.repeat(5_000), 4_000)).toBe(line.repeat(4_000));
    expect(await tail(`${'x'.repeat(300_000)}\nend\n`, 2)).toBe(`${'x'.repeat(300_000)}\nend\n`);
  });
});
