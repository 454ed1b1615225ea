import { Quantities } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { quotaJson, rolesJson, weightsJson } from './roles-json.js';

describe('rolesJson', () => {
  it('prints a role as Mesos does', () => {
    const amounts = (numbers: Record<string, number>): Quantities => Quantities.fromNumbers(numbers);
    const text = rolesJson([
      {
        name: 'cap',
        weight: 1,
        guarantees: Quantities.EMPTY,
        limitsMilli: {},
        consumed: amounts({ mem: 64, cpus: 0.1 }),
        allocated: amounts({ cpus: 0.1, mem: 64 }),
        offered: amounts({ ports: 1001, mem: 4032, cpus: 3.9, disk: 20_000 }),
        reserved: Quantities.EMPTY,
        frameworkIds: ['f-0008'],
      },
    ]);
    expect(text).toBe(
      '{"roles":[{"name":"cap","weight":1.0,"quota":{"role":"cap","guarantee":{},"limit":{},"consumed":{"cpus":0.1,"mem":64.0}},' +
        '"resources":{"cpus":4.0,"disk":20000.0,"mem":4096.0,"ports":1001.0},"allocated":{"cpus":0.1,"mem":64.0},' +
        '"offered":{"cpus":3.9,"disk":20000.0,"mem":4032.0,"ports":1001.0},"reserved":{},"frameworks":["f-0008"]}]}',
    );
  });
});

describe('weightsJson', () => {
  it('lists the weights that were set', () => {
    expect(weightsJson([])).toBe('[]');
    expect(
      weightsJson([
        { name: 'dev', weight: 2.5 },
        { name: 'x', limitsMilli: {} },
      ]),
    ).toBe('[{"role":"dev","weight":2.5}]');
  });
});

describe('quotaJson', () => {
  it('is empty without a quota', () => {
    expect(quotaJson([{ name: 'dev', weight: 2 }])).toBe('{}');
  });

  it('prints a quota in both forms', () => {
    const quota = { name: '*', guaranteesMilli: { cpus: 1_000 }, limitsMilli: { cpus: 1_000 } };
    expect(quotaJson([quota])).toBe(
      '{"infos":[{"role":"*","guarantee":[{"name":"cpus","type":"SCALAR","scalar":{"value":1.0}}]}],' +
        '"configs":[{"role":"*","guarantees":{"cpus":{"value":1.0}},"limits":{"cpus":{"value":1.0}}}]}',
    );
  });
});
