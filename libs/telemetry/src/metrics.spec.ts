import { expect, it } from 'vitest';
import { Metrics } from './metrics.js';

it('adds up what a counter has counted under all its labels', async () => {
  const metrics = new Metrics('test');
  const letters = metrics.counter('tranche_letters_total', 'Letters', ['message']);
  letters.inc({ message: 'a' }, 2);
  letters.inc({ message: 'b' });
  await metrics.render('openmetrics');
  expect(await metrics.totalOf('tranche_letters_total')).toBe(3);
  expect(await metrics.totalOf('tranche_others_total')).toBe(0);
});
