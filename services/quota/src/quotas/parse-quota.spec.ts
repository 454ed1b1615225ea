import type { Resource } from '@tranche/mesos-api';
import { describe, expect, it } from 'vitest';
import { parseQuotaBody } from './parse-quota-body.js';
import { parseQuotaConfig, parseQuotaRequest } from './parse-quota.js';

describe('parseQuotaConfig', () => {
  it('reads amounts as thousandths, and forgets guarantees of nothing but not limits of nothing', () => {
    const config = {
      role: 'web',
      guarantees: { cpus: { value: 1.5 }, disk: { value: 0 } },
      limits: { cpus: { value: 2 }, gpus: { value: 0 } },
    };
    const quota = { role: 'web', guaranteesMilli: { cpus: 1_500 }, limitsMilli: { cpus: 2_000, gpus: 0 } };
    expect(parseQuotaConfig(config)).toEqual({ ok: true, quota });
  });

  it.each([
    [{ role: '' }, "Invalid QuotaConfig: Invalid 'QuotaConfig.role': Role names cannot be the empty string"],
    [{ role: 'eng/dev' }, "Updating quota on nested role 'eng/dev' is not supported yet"],
    [
      { role: 'a', guarantees: { cpus: { value: -1 } } },
      "Invalid QuotaConfig: Invalid guarantee configuration {'cpus': -1}: Negative values not supported",
    ],
    [
      { role: 'a', limits: { cpus: { value: 'Infinity' as const } } },
      "Invalid QuotaConfig: Invalid limit configuration {'cpus': Infinity}: Infinite values not supported",
    ],
    [
      { role: 'a', limits: { cpus: { value: 'NaN' as const } } },
      "Invalid QuotaConfig: Invalid limit configuration {'cpus': NaN}: NaN not supported",
    ],
    [
      { role: 'a', limits: { mem: { value: 1_099_511_627_777 } } },
      "Invalid QuotaConfig: Invalid limit configuration {'mem': 1099511627777}: values greater than 1099511627776 are not supported",
    ],
    [
      { role: 'q1', guarantees: { cpus: { value: 3 } }, limits: { cpus: { value: 2 } } },
      "Invalid QuotaConfig: 'QuotaConfig.guarantees' { cpus: 3 } is not contained within the 'QuotaConfig.limits' { cpus: 2 }",
    ],
  ])('refuses %j', (config, error) => {
    expect(parseQuotaConfig(config)).toEqual({ ok: false, error });
  });
});

describe('parseQuotaRequest', () => {
  const scalar = (name: string, value: number, more: Partial<Resource> = {}): Resource => ({
    ...{ name, type: 'SCALAR', scalar: { value } },
    ...more,
  });

  it('takes the guarantees as limits', () => {
    const quota = { role: 'dev', guaranteesMilli: { cpus: 1_000 }, limitsMilli: { cpus: 1_000, mem: 0 } };
    const guarantee = [scalar('cpus', 1), scalar('mem', 0)];
    expect(parseQuotaRequest({ role: 'dev', guarantee })).toEqual({ ok: true, quota });
  });

  const refused = 'Failed to validate set quota request: ';
  it.each([
    [{}, `${refused}QuotaInfo with invalid role: Role names cannot be the empty string`],
    [{ role: 'a' }, `${refused}QuotaInfo with empty 'guarantee'`],
    [
      { role: 'a', guarantee: [{ name: 'ports', type: 'RANGES' as const }] },
      `${refused}QuotaInfo must not include non-scalar resources`,
    ],
    [
      { role: 'a', guarantee: [scalar('cpus', 1, { reservations: [{ type: 'DYNAMIC', role: 'a' }] })] },
      `${refused}QuotaInfo must not contain any ReservationInfo`,
    ],
    [
      { role: 'a', guarantee: [scalar('cpus', 1, { revocable: {} })] },
      `${refused}QuotaInfo must not contain RevocableInfo`,
    ],
    [{ role: 'a', guarantee: [scalar('disk', 1, { disk: {} })] }, `${refused}QuotaInfo must not contain DiskInfo`],
    [
      { role: 'a', guarantee: [scalar('cpus', 1), scalar('cpus', 2)] },
      `${refused}QuotaInfo contains duplicate resource name 'cpus'`,
    ],
    [
      { role: 'a', guarantee: [scalar('cpus', -1)] },
      `${refused}QuotaInfo with invalid resource: {'cpus': -1}: Negative values not supported`,
    ],
    [{ role: 'a/b', guarantee: [scalar('cpus', 1)] }, "Setting quota on nested role 'a/b' is not supported yet"],
  ])('refuses %j', (request, error) => {
    expect(parseQuotaRequest(request)).toEqual({ ok: false, error });
  });
});

it('parseQuotaBody names the fault of a body that is no request', () => {
  expect(parseQuotaBody('{bad')).toEqual({
    ok: false,
    error: "Failed to parse set quota request JSON '{bad': syntax error at line 1 near: bad",
  });
  expect(parseQuotaBody('{"role":"a","guarantee":1}')).toMatchObject({ ok: false });
});
