import { beforeEach, describe, expect, it } from 'vitest';
import { Ledger } from './ledger.js';

let ledger: Ledger;
beforeEach(() => {
  ledger = new Ledger();
});

const task = (taskId: string, cpus: number, { role = 'red', offerNumber = 1 } = {}) => ({
  ...{ taskId, role, offerNumber },
  amounts: { cpus },
});
const launch = (...planned: ReturnType<typeof task>[]): void => {
  ledger.launching(planned);
  for (const { taskId } of planned) ledger.launched(taskId);
};
const limit = (cpus: number, role = 'red'): void => ledger.changing(role, { cpus }).answered('done');

describe('Ledger', () => {
  it('finds a launch that takes a role above its limit', () => {
    limit(3_000);
    launch(task('a', 2_000), task('b', 1_000));
    expect(ledger.violations).toEqual([]);
    launch(task('c', 1));
    expect(ledger.violations).toEqual([
      'task c ({"cpus":1}, offer 1) took role red to {"cpus":3001}, the limit is {"cpus":3000}',
    ]);
    expect(ledger.counts).toEqual({ launches: 3, limited: 3, close: 2 });
  });

  it('lets what is above a lowered limit stay, and nothing come on top', () => {
    launch(task('a', 4_000));
    limit(3_000);
    expect(ledger.violations).toEqual([]);
    launch(task('b', 1));
    expect(ledger.violations).toHaveLength(1);
  });

  it('takes an end as room', () => {
    limit(3_000);
    launch(task('a', 3_000));
    ledger.ended('a');
    launch(task('b', 3_000));
    expect(ledger.violations).toEqual([]);
    expect(ledger.consumedBy('red')).toEqual({ cpus: 3_000 });
  });

  it('holds a launch that was asked for before an answer to the limits of before or after', () => {
    const change = ledger.changing('red', { cpus: 1_000 });
    ledger.launching([task('a', 2_000)]);
    change.answered('done');
    ledger.launched('a');
    expect(ledger.violations).toEqual([]);
    launch(task('b', 1));
    expect(ledger.violations).toHaveLength(1);
  });

  it('forgets a change that was refused, and takes one without an answer for possible', () => {
    limit(1_000);
    ledger.changing('red', { cpus: 9_000 }).answered('refused');
    launch(task('a', 2_000));
    expect(ledger.violations).toHaveLength(1);
    ledger.changing('red', { cpus: 9_000 }).answered('unknown');
    launch(task('b', 1_000));
    expect(ledger.violations).toHaveLength(1);
  });

  it('charges roles below to the top, which may be offered more later without a limit of their own', () => {
    limit(3_000, 'eng');
    launch(
      task('a', 2_000, { role: 'eng/dev', offerNumber: 2 }),
      task('b', 5_000, { role: 'eng/dev', offerNumber: 9 }),
    );
    launch(task('c', 1_000, { role: 'eng', offerNumber: 3 }));
    expect(ledger.violations).toEqual([]);
    launch(task('d', 1, { role: 'eng', offerNumber: 4 }));
    expect(ledger.violations).toHaveLength(1);
    expect(ledger.consumedBy('eng')).toEqual({ cpus: 8_001 });
  });

  it('finds limits that were let in below what is used', () => {
    launch(task('a', 2_000), task('b', 2_000));
    const forced = ledger.changing('red', { cpus: 3_000 });
    forced.answered('done');
    expect(ledger.violations).toEqual([]);
    const change = ledger.changing('red', { cpus: 3_000 }, true);
    launch(task('c', 0));
    change.answered('done');
    expect(ledger.violations).toEqual(['limits {"cpus":3000} of role red were let in although it used {"cpus":4000}']);
    const another = ledger.changing('red', { cpus: 3_000 }, true);
    ledger.ended('a');
    another.answered('done');
    expect(ledger.violations).toHaveLength(1);
  });
});
