import { expect, it } from 'vitest';
import { FrameworkNames } from './framework-names.js';

it('keeps the first two hundred names and counts the others together', () => {
  const names = new FrameworkNames();
  const labels = Array.from({ length: 202 }, (_, at) => names.labelOf(`f${at}`));
  expect(labels.slice(198)).toEqual(['f198', 'f199', 'other', 'other']);
  expect(names.labelOf('f0')).toBe('f0');
});
