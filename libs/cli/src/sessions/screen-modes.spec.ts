import { describe, expect, it } from 'vitest';
import { ScreenModes } from './screen-modes.js';

const restored = (...pieces: string[]): string => {
  const modes = new ScreenModes();
  for (const piece of pieces) modes.see(Buffer.from(piece));
  return modes.restoration().replaceAll('\u001b', '^');
};
const [on, off] = [(mode: string) => `\u001b[?${mode}h`, (mode: string) => `\u001b[?${mode}l`];

describe('ScreenModes', () => {
  it.each([
    ['nothing was changed', ['hello\n'], ''],
    ['a full-screen program was cut off', [on('1049'), `${off('25')}text`], '^[?25h^[?1049l^[0m'],
    ['it has put all back', [on('1049'), off('25'), on('25'), off('1049')], ''],
    ['several modes came at once', [on('1000;1006')], '^[?1000l^[?1006l^[0m'],
    ['a sequence came in two pieces', ['x\u001b[?20', '04hx'], '^[?2004l^[0m'],
    ['the modes are of no harm afterwards', [on('12'), on('7')], ''],
  ])('when %s', (_, pieces, expected) => {
    expect(restored(...pieces)).toBe(expected);
  });
});
