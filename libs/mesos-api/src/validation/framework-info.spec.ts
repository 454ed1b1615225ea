import { describe, expect, it } from 'vitest';
import type { FrameworkInfo } from '../generated/mesos.js';
import type { Double } from '../scalars.js';
import { validateFrameworkInfo } from './framework-info.js';

const info = (members: Partial<FrameworkInfo>): FrameworkInfo => ({ user: 'u', name: 'n', ...members });
const multiRole = (members: Partial<FrameworkInfo>): FrameworkInfo =>
  info({ capabilities: [{ type: 'MULTI_ROLE' }], ...members });
const filters = (quantities: Record<string, { value: Double }>): FrameworkInfo =>
  info({ offer_filters: { a: { min_allocatable_resources: { quantities: [{ quantities }] } } } });

describe('validateFrameworkInfo', () => {
  it.each([
    ['nothing but the required fields', info({})],
    ['roles', multiRole({ roles: ['a', 'b/c'] })],
    ['one role', info({ role: 'a' })],
    ['an empty id', info({ id: { value: '' } })],
    ['a negative failover timeout', info({ failover_timeout: -1 })],
    ['offer filters', filters({ cpus: { value: 0.5 }, mem: { value: 0 } })],
  ])('accepts %s', (_what, framework) => {
    expect(validateFrameworkInfo(framework)).toBeUndefined();
  });

  it.each<[string, FrameworkInfo]>([
    [
      "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable",
      multiRole({ role: 'x', roles: ['a', 'a'] }),
    ],
    ["'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable", info({ roles: ['a'] })],
    ["'FrameworkInfo.roles' contains duplicate items: { a, b }", multiRole({ roles: ['a', 'b', 'a', 'b', 'a'] })],
    [
      "'FrameworkInfo.roles' contains invalid role: Role 'a/../b' cannot include '..' as a component",
      multiRole({ roles: ['a/../b'] }),
    ],
    ["'FrameworkInfo.role' is not a valid role: Role '/a' cannot start with a slash", info({ role: '/a' })],
    ["'a/b' contains invalid characters", info({ id: { value: 'a/b' } })],
    ['Resource quantities must contain at least one quantity', filters({})],
    ["Invalid resource quantity for 'cpus': Negative values not supported", filters({ cpus: { value: -1 } })],
    ["Invalid resource quantity for 'cpus': Infinite values not supported", filters({ cpus: { value: 'Infinity' } })],
    ["Invalid resource quantity for 'cpus': NaN not supported", filters({ cpus: { value: 'NaN' } })],
    ["Invalid resource quantity for 'cpus': Subnormal values not supported", filters({ cpus: { value: 1e-310 } })],
  ])('says: %s', (error, framework) => {
    expect(validateFrameworkInfo(framework)).toBe(error);
  });

  it.each<[Double, string]>([
    [1e10, '1e+10'],
    [9.3e9, '9.3e+09'],
    ['Infinity', 'inf'],
  ])('refuses a failover timeout of %s seconds', (failover_timeout, printed) => {
    expect(validateFrameworkInfo(info({ failover_timeout }))).toMatch(
      `The framework failover_timeout (${printed}) is invalid`,
    );
  });
});
