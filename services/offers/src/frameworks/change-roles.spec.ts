import { describe, expect, it } from 'vitest';
import { scene, subscribe } from '../testing/offers.fakes.js';
import { reviveRoles, suppressRoles } from './change-roles.js';

describe('SUPPRESS and REVIVE', () => {
  it('mean all roles when none is named', () => {
    const context = scene();
    const { framework } = subscribe(context, { roles: ['a', 'b'] });
    suppressRoles(context, framework, []);
    expect(framework.record.suppressedRoles).toEqual(['a', 'b']);
    reviveRoles(context, framework, ['a']);
    expect(framework.record.suppressedRoles).toEqual(['b']);
    expect(context.allocator.revived).toEqual([{ frameworkId: 'C-0000', roles: ['a'] }]);
  });

  it('are dropped whole for one role that the framework is not in', () => {
    const context = scene();
    const { framework } = subscribe(context, { roles: ['a', 'b'] });
    suppressRoles(context, framework, ['a', '-x']);
    reviveRoles(context, framework, ['nope']);
    expect(framework.record.suppressedRoles).toEqual([]);
    expect(context.allocator.revived).toEqual([]);
  });

  it('revive clears filters also where nothing was suppressed, and states the suppression first', () => {
    const context = scene();
    const { framework } = subscribe(context);
    context.changes.frameworkStates.length = 0;
    reviveRoles(context, framework, []);
    expect(context.allocator.revived).toEqual([{ frameworkId: 'C-0000', roles: ['web'] }]);
    expect(context.changes.frameworkStates).toEqual([]);
  });
});
