import { describe, expect, it } from 'vitest';
import { checkPlanOf, healthPlanOf, noResultOf } from './check-plan.js';
import { checkStatusOf, isHealthy, isSameCheckStatus } from './judge-result.js';

describe('the plan of a health check', () => {
  it('has the defaults of the API', () => {
    expect(healthPlanOf({ type: 'COMMAND', command: { value: 'true' } })).toEqual({
      target: { kind: 'command', command: { value: 'true' } },
      pace: { delayMs: 15_000, intervalMs: 10_000, timeoutMs: 20_000 },
      graceMs: 10_000,
      maxFailures: 3,
    });
  });

  it('asks the loopback address of the family that is asked for', () => {
    expect(
      healthPlanOf({ type: 'HTTP', http: { port: 80, path: '/h', scheme: 'https', protocol: 'IPv6' } }).target,
    ).toEqual({ kind: 'http', scheme: 'https', host: '::1', port: 80, path: '/h' });
    expect(healthPlanOf({ type: 'TCP', tcp: { port: 80 } }).target).toEqual({
      kind: 'tcp',
      host: '127.0.0.1',
      port: 80,
    });
  });

  it('takes the time it is given, zero as no limit', () => {
    const check = {
      type: 'TCP',
      tcp: { port: 1 },
      delay_seconds: 0,
      interval_seconds: 0.5,
      timeout_seconds: 0,
    } as const;
    expect(healthPlanOf(check).pace).toEqual({ delayMs: 0, intervalMs: 500, timeoutMs: Infinity });
  });

  it.each([
    [{ kind: 'command', exitCode: 0 }, true],
    [{ kind: 'command', exitCode: 1 }, false],
    [{ kind: 'command' }, false],
    [{ kind: 'http', statusCode: 200 }, true],
    [{ kind: 'http', statusCode: 399 }, true],
    [{ kind: 'http', statusCode: 400 }, false],
    [{ kind: 'http', statusCode: 199 }, false],
    [{ kind: 'http' }, false],
    [{ kind: 'tcp', succeeded: true }, true],
    [{ kind: 'tcp', succeeded: false }, false],
    [{ kind: 'tcp' }, false],
  ] as const)('takes %j as healthy: %s', (result, healthy) => {
    expect(isHealthy(result)).toBe(healthy);
  });
});

describe('a check', () => {
  it('has the defaults of the API', () => {
    expect(checkPlanOf({ type: 'HTTP', http: { port: 80 } })).toEqual({
      target: { kind: 'http', scheme: 'http', host: '127.0.0.1', port: 80, path: '' },
      pace: { delayMs: 15_000, intervalMs: 10_000, timeoutMs: 20_000 },
    });
  });

  it('has an empty member of its type until there is a result, and when there is none', () => {
    expect(noResultOf({ type: 'COMMAND' })).toEqual({ type: 'COMMAND', command: {} });
    expect(checkStatusOf({ kind: 'http', fault: 'timed out' })).toEqual(noResultOf({ type: 'HTTP' }));
    expect(checkStatusOf({ kind: 'tcp' })).toEqual(noResultOf({ type: 'TCP' }));
  });

  it('tells values as they are, and compares them', () => {
    expect(checkStatusOf({ kind: 'command', exitCode: 3 })).toEqual({ type: 'COMMAND', command: { exit_code: 3 } });
    expect(checkStatusOf({ kind: 'tcp', succeeded: false })).toEqual({ type: 'TCP', tcp: { succeeded: false } });
    const [ok, gone] = [200, 404].map((statusCode) => checkStatusOf({ kind: 'http', statusCode }));
    expect(isSameCheckStatus(ok, { type: 'HTTP', http: { status_code: 200 } })).toBe(true);
    expect(isSameCheckStatus(ok, gone ?? {})).toBe(false);
    expect(isSameCheckStatus(undefined, noResultOf({ type: 'TCP' }))).toBe(true);
  });
});
