import { describe, expect, it } from 'vitest';
import { frameworkInfo, offer, scene, subscribe } from '../testing/offers.fakes.js';
import { updateFramework } from './update-framework.js';

const terms = (more = {}, rest = {}) => ({
  info: frameworkInfo({ id: { value: 'C-0000' }, ...more }),
  suppressedRoles: [],
  ...rest,
});

describe('updateFramework', () => {
  it('rescinds offers of roles that were given up', () => {
    const context = scene();
    const { framework, stream } = subscribe(context, { roles: ['web', 'batch'] });
    offer(context, framework);
    stream.take();
    expect(updateFramework(context, framework, terms({ roles: ['batch'] }))).toBeUndefined();
    expect(stream.types()).toEqual(['RESCIND']);
    expect(framework.record.roles).toEqual(['batch']);
  });

  it.each([
    [
      { user: 'nobody' },
      {},
      "FrameworkInfo update is not valid: Updating 'FrameworkInfo.user' is unsupported; attempted to update from 'u' to 'nobody'",
    ],
    [
      { checkpoint: true },
      {},
      "FrameworkInfo update is not valid: Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from 'false' to 'true'",
    ],
    [{ principal: 'p' }, {}, "FrameworkInfo update is not valid: Changing framework's principal is not allowed."],
    [
      { role: 'x' },
      {},
      "Supplied FrameworkInfo is not valid: 'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable",
    ],
    [
      {},
      { suppressedRoles: ['zzz'] },
      "'UpdateFramework' call is not valid: Suppressed roles { zzz } are not contained in the set of roles",
    ],
  ])('refuses %j %j and changes nothing', (info, rest, error) => {
    const context = scene();
    const { framework } = subscribe(context);
    const before = framework.record;
    expect(updateFramework(context, framework, terms(info, rest))).toEqual({ kind: 'bad-request', message: error });
    expect(framework.record).toBe(before);
  });
});
