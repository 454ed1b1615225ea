import { describe, expect, it } from 'vitest';
import { quotaFault } from './quota-fault.js';

describe('quotaFault', () => {
  it('names what is guaranteed beyond the limit', () => {
    const config = {
      role: 'gold',
      guarantees: { cpus: { value: 4 }, mem: { value: 2048 }, disk: { value: 1 } },
      limits: { cpus: { value: 2 }, mem: { value: 1024 } },
    };
    expect(quotaFault(config, 'x')).toMatchObject({
      ...{ status: 400, code: 'quota.guarantee_above_limit' },
      detail: 'guarantee cpus 4 is above the limit 2 and mem 2 GiB above the limit 1 GiB of role gold',
      hints: ['set the limit to cpus 4, mem 2 GiB or more, or the guarantee to cpus 2, mem 1 GiB or less'],
    });
  });

  it('sends whoever names a nested role to the one of the first level', () => {
    expect(quotaFault({ role: 'eng/dev' }, 'x')).toMatchObject({
      ...{ status: 400, code: 'quota.nested_role', detail: 'role eng/dev is not of the first level' },
      hints: ['only such a role has a quota, for all roles below it: tranche quota set eng …'],
    });
  });

  it('passes on what else is wrong', () => {
    expect(quotaFault({ role: '-x' }, 'no role')).toMatchObject({ code: 'request.malformed', detail: 'no role' });
  });
});
