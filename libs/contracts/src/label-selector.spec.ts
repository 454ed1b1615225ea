import { describe, expect, it } from 'vitest';
import { isSelected, parseSelector } from './label-selector.js';

const LABELS: Readonly<Record<string, string>> = { tier: 'web', empty: '', eq: 'a=b' };

describe('a selector of labels', () => {
  it.each([
    ['tier', true],
    ['other', false],
    ['tier=web', true],
    ['tier=db', false],
    ['tier!=db', true],
    ['tier!=web', false],
    ['other!=x', true],
    ['other=x', false],
    ['empty', true],
    ['empty=', true],
    ['tier=', false],
    ['eq=a=b', true],
    [' tier = web , empty', true],
    ['tier=web,other', false],
  ])('%s holds: %s', (text, holds) => {
    const selector = parseSelector(text);
    if ('unread' in selector) throw new Error(selector.unread);
    expect(isSelected(selector, (key) => LABELS[key])).toBe(holds);
  });

  it.each([
    ['', ''],
    ['=x', '=x'],
    ['a=b,', ''],
    ['a,!b', '!b'],
    ['a b', 'a b'],
  ])('%j cannot be read', (text, unread) => {
    expect(parseSelector(text)).toEqual({ unread });
  });
});
