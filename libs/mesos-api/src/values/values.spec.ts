import { describe, expect, it } from 'vitest';
import { capabilitiesOf, rolesOf } from './framework-capabilities.js';
import { ipToMesosUint32 } from './ip.js';
import { isTerminalOperationState, isTerminalState } from './task-states.js';
import { fromMs, fromNanos, googleDurationToNanos, nanosToGoogleDuration, toMs, toNanos } from './time.js';
import { uuidError, uuidFromBase64, uuidToBase64 } from './uuid.js';

describe('UUIDs', () => {
  const base64 = '2qhNAhjKTNCPEPj0zd1zAw==';
  const text = 'daa84d02-18ca-4cd0-8f10-f8f4cddd7303';

  it('go from base64 to text and back', () => {
    expect(uuidFromBase64(base64)).toBe(text);
    expect(uuidToBase64(text)).toBe(base64);
  });

  it('have 16 bytes and a version from 1 to 5', () => {
    expect(uuidError(base64)).toBeUndefined();
    expect(uuidError('AAAA')).toBe('Not a valid UUID');
    expect(uuidError(Buffer.alloc(16, 0x60).toString('base64'))).toBe('Not a valid UUID');
  });

  it('cannot be made from anything else', () => {
    expect(() => uuidFromBase64('AAAA')).toThrow('a UUID has 16 bytes, not 3');
    expect(() => uuidToBase64('daa84d02')).toThrow('not a UUID: "daa84d02"');
  });
});

describe('times and durations', () => {
  it('keep nanoseconds beyond 2^53', () => {
    expect(fromNanos(1760000000000000001n)).toEqual({ nanoseconds: '1760000000000000001' });
    expect(toNanos({ nanoseconds: '1760000000000000001' })).toBe(1760000000000000001n);
  });

  it('go to milliseconds and back', () => {
    expect(fromMs(5000)).toEqual({ nanoseconds: 5000000000 });
    expect(fromMs(0.5)).toEqual({ nanoseconds: 500000 });
    expect(toMs({ nanoseconds: 1500000 })).toBe(1.5);
    expect(toMs(fromMs(1760000000123))).toBe(1760000000123);
  });

  it('go to the duration of Google and back', () => {
    expect(googleDurationToNanos({ seconds: 600 })).toBe(600_000_000_000n);
    expect(nanosToGoogleDuration(-1_500_000_000n)).toEqual({ seconds: -1, nanos: -500_000_000 });
    expect(googleDurationToNanos({ seconds: -1, nanos: -500_000_000 })).toBe(-1_500_000_000n);
  });
});

describe('ipToMesosUint32', () => {
  it('reads network bytes as a little-endian number', () => {
    expect(ipToMesosUint32('127.0.0.1')).toBe(16777343);
    expect(ipToMesosUint32('0.0.0.255')).toBe(4278190080);
  });

  it('takes nothing but IPv4', () => {
    expect(() => ipToMesosUint32('::1')).toThrow('not an IPv4 address: "::1"');
  });
});

describe('terminal states', () => {
  it.each(['TASK_FINISHED', 'TASK_LOST', 'TASK_GONE_BY_OPERATOR'] as const)('%s is one', (state) => {
    expect(isTerminalState(state)).toBe(true);
  });

  it.each(['TASK_STAGING', 'TASK_KILLING', 'TASK_UNREACHABLE', 'TASK_UNKNOWN'] as const)('%s is none', (state) => {
    expect(isTerminalState(state)).toBe(false);
  });

  it('of operations leave out those that may still change', () => {
    expect(isTerminalOperationState('OPERATION_DROPPED')).toBe(true);
    expect(isTerminalOperationState('OPERATION_UNREACHABLE')).toBe(false);
  });
});

describe('frameworks', () => {
  it('are in their roles if they are MULTI_ROLE, else in their role', () => {
    const info = { user: 'u', name: 'n' };
    expect(rolesOf({ ...info, roles: ['a', 'b'], capabilities: [{ type: 'MULTI_ROLE' }] })).toEqual(['a', 'b']);
    expect(rolesOf({ ...info, role: 'a' })).toEqual(['a']);
    expect(rolesOf(info)).toEqual(['*']);
  });

  it('have the capabilities that are known', () => {
    const capabilities = [{ type: 'PARTITION_AWARE' as const }, {}];
    expect([...capabilitiesOf({ user: 'u', name: 'n', capabilities })]).toEqual(['PARTITION_AWARE']);
  });
});
