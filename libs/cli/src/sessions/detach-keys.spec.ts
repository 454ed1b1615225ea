import { describe, expect, it } from 'vitest';
import { Detached, untilDetached } from './detach-keys.js';

/** What gets through, and whether the person has left. */
async function typed(...chunks: string[]): Promise<[string, boolean]> {
  async function* keys(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  let passed = '';
  try {
    for await (const chunk of untilDetached(keys())) passed += Buffer.from(chunk).toString();
    return [passed, false];
  } catch (error) {
    expect(error).toBeInstanceOf(Detached);
    return [passed, true];
  }
}

const [P, Q] = ['\u0010', '\u0011'];

describe('untilDetached', () => {
  it.each([
    [['ls\r'], 'ls\r', false],
    [[`a${P}${Q}b`], 'a', true],
    [['a', P, Q, 'b'], 'a', true],
    [[P, 'x'], `${P}x`, false],
    [[P, P, Q], P, true],
    [[Q, P], `${Q}${P}`, false],
    [[`${P}x${Q}`], `${P}x${Q}`, false],
  ])('of %j passes %j on, and %s is whether it was left', async (chunks, passed, isLeft) => {
    expect(await typed(...chunks)).toEqual([passed, isLeft]);
  });
});
