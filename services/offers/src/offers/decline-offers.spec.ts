import { describe, expect, it } from 'vitest';
import { offer, scene, subscribe } from '../testing/offers.fakes.js';
import { declineOffers, refuseSecondsOf } from './decline-offers.js';

describe('declineOffers', () => {
  it('returns what is still the framework’s with the filter and ignores the rest', () => {
    const context = scene();
    const { framework } = subscribe(context);
    const other = subscribe(context);
    const own = offer(context, framework);
    const foreign = offer(context, other.framework);
    declineOffers(context, framework, [{ value: own }, { value: own }, { value: foreign }, { value: 'x' }], {
      refuse_seconds: 120,
    });
    expect(context.allocator.recovered).toMatchObject([{ frameworkId: 'C-0000', refuseSeconds: 120 }]);
    expect(context.state.offers.get(foreign)).toBeDefined();
  });

  it.each([
    [undefined, 5],
    [{}, 5],
    [{ refuse_seconds: 0 }, 0],
    [{ refuse_seconds: -3 }, -3],
    [{ refuse_seconds: 1e12 }, 1e12],
    [{ refuse_seconds: 'Infinity' as const }, 5],
  ])('passes %j on as %d seconds', (filters, seconds) => {
    expect(refuseSecondsOf(filters)).toBe(seconds);
  });
});
