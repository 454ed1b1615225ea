import { describe, expect, it } from 'vitest';
import { frameworkInfo } from '../testing/offers.fakes.js';
import { disconnected, recovered, removed, resubscribed, subscribed, updated } from './framework-state.js';

const terms = { info: frameworkInfo(), suppressedRoles: ['web'] };
const record = subscribed('F', terms, 1_000);

describe('the life of a framework', () => {
  it('begins connected and active, with its id in its info', () => {
    expect(record).toMatchObject({ state: 'connected', active: true, roles: ['web'], registeredAtMs: 1_000 });
    expect(record.info.id).toEqual({ value: 'F' });
  });

  it('takes the one role of a framework without MULTI_ROLE, by default the unreserved one', () => {
    const info = frameworkInfo({ roles: [], capabilities: [] });
    expect(subscribed('F', { info, suppressedRoles: [] }, 0).roles).toEqual(['*']);
    expect(subscribed('F', { info: { ...info, role: 'ads' }, suppressedRoles: [] }, 0).roles).toEqual(['ads']);
  });

  it('sets the deadline of a lost stream by the failover timeout and keeps the suppression', () => {
    expect(disconnected(record, 'closed', 2_000)).toMatchObject({
      state: 'disconnected',
      active: false,
      disconnectedReason: 'closed',
      failoverDeadlineMs: 12_000,
      suppressedRoles: ['web'],
    });
  });

  it('counts a negative failover timeout as none', () => {
    const gone = disconnected({ ...record, info: frameworkInfo({ failover_timeout: -1 }) }, 'closed', 2_000);
    expect(gone.failoverDeadlineMs).toBe(2_000);
  });

  it('gives a recovered framework at least the grace', () => {
    const brief = subscribed('F', { ...terms, info: frameworkInfo({ failover_timeout: 0 }) }, 0);
    expect(recovered(brief, 2_000, 5_000).failoverDeadlineMs).toBe(7_000);
    expect(recovered(record, 2_000, 5_000).failoverDeadlineMs).toBe(12_000);
  });

  it('replaces everything but user and checkpoint when it subscribes again', () => {
    const info = frameworkInfo({ user: 'other', checkpoint: true, name: 'new', roles: ['a'] });
    const back = resubscribed(disconnected(record, 'closed', 2_000), { info, suppressedRoles: [] }, 3_000);
    expect(back.info).toMatchObject({ user: 'u', name: 'new' });
    expect(back.info.checkpoint).toBeUndefined();
    expect(back).toMatchObject({ state: 'connected', roles: ['a'], suppressedRoles: [], reregisteredAtMs: 3_000 });
    expect(back).not.toHaveProperty('failoverDeadlineMs');
    expect(back).not.toHaveProperty('disconnectedReason');
  });

  it('clears what an update leaves out', () => {
    const constrained = { ...record, offerConstraints: { role_constraints: {} } };
    expect(updated(constrained, { info: frameworkInfo(), suppressedRoles: [] })).not.toHaveProperty('offerConstraints');
  });

  it('ends with a reason and a time', () => {
    expect(removed(record, 'torn down', 9_000)).toMatchObject({
      state: 'removed',
      active: false,
      unregisteredAtMs: 9_000,
      removedReason: 'torn down',
    });
  });
});
