import { Resources } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { converted, extraCopies, launchable, launchedOn, remainderOf, resized, settled } from './remainder.js';

const of = (text: string): Resources => Resources.parse(text);
const conversion = (consumed: string, into: string) => ({ consumed: of(consumed), converted: of(into) });

function done(result: ReturnType<typeof converted>) {
  if (!result.ok) throw new Error(result.reason);
  return result.remainder;
}

describe('what is left of offers', () => {
  it.each([
    ['nothing done', 'cpus:4;disk:10', [], '', 'cpus:4; disk:10'],
    ['reserved', 'cpus:4;disk:10', [conversion('disk:4', 'disk(r):4')], 'disk(r):4', 'cpus:4; disk:6'],
    [
      'reserved and taken back',
      'disk:10',
      [conversion('disk:4', 'disk(r):4'), conversion('disk(r):4', 'disk:4')],
      '',
      'disk:10',
    ],
    ['more of what was offered', 'disk:6;disk(r):4', [conversion('disk:6', 'disk(r):6')], 'disk(r):6', 'disk(r):4'],
  ])('goes back split into what was made and what is refused: %s', (_what, offered, conversions, made, refused) => {
    let remainder = remainderOf(of(offered));
    for (const one of conversions) remainder = done(converted(remainder, one));
    const settlement = settled(remainder);
    expect([settlement.made.toText(), settlement.refused.toText()]).toEqual([made, refused]);
  });

  it('does not offer resized volumes to later operations, and gives all of them back as made', () => {
    const before = remainderOf(of('disk(r):10;disk(r)[v]:20'));
    const after = done(resized(before, conversion('disk(r)[v]:20', 'disk(r)[v]:15;disk(r):5'), 'SHRINK_VOLUME'));
    expect(after.available.toText()).toBe('disk(r):10');
    expect(resized(after, conversion('disk(r)[v]:15', 'disk(r):15'), 'SHRINK_VOLUME')).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^Invalid SHRINK_VOLUME operation: .* does not contain /),
    });
    const { made, refused } = settled(after);
    expect([made.toText(), refused.toText()]).toEqual(['disk(r):5; disk(r)[v]:15', 'disk(r):10']);
  });

  it('lets any number of tasks use one copy of a shared volume, and counts those beyond it', () => {
    const shared = of('disk(r)[v]<SHARED>:5');
    const before = remainderOf(of('cpus:2').plus(shared));
    expect(extraCopies(before, shared).isEmpty).toBe(true);
    const after = launchedOn(before, of('cpus:1').plus(shared));
    expect(launchable(after).toText()).toBe('cpus:1; disk(r)[v]<SHARED>:5');
    expect(extraCopies(after, shared).toText()).toBe('disk(r)[v]<SHARED>:5');
    const destroyed = done(converted(before, { consumed: shared, converted: of('disk(r):5') }));
    expect(launchable(destroyed).shared().isEmpty).toBe(true);
  });
});
