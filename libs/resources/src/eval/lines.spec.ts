import { describe, expect, it } from 'vitest';
import { splitLines } from './lines.js';

async function lines(...chunks: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const line of splitLines(chunks)) found.push(line);
  return found;
}

describe('splitLines', () => {
  it('joins lines that arrive in pieces', async () => {
    expect(await lines('a', 'b\nc', '', 'd\n\ne\n')).toEqual(['ab', 'cd', '', 'e']);
  });

  it('counts a last line without its end', async () => {
    expect(await lines('a\nb')).toEqual(['a', 'b']);
  });

  it('ends lines at \\n only', async () => {
    expect(await lines('a\u2028b\rc\n')).toEqual(['a\u2028b\rc']);
  });

  it('finds no line in nothing', async () => {
    expect(await lines('', '')).toEqual([]);
  });
});
