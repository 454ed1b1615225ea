import { describe, expect, it } from 'vitest';
import { PidIsolator } from './pid.isolator.js';

const PLAN = { id: 'c1', limits: { cpusMilli: 1, memBytes: 1 }, sandbox: '/s' };

describe('namespaces/pid', () => {
  it('asks for a pid namespace with a /proc of its own', async () => {
    const { namespaces, mounts } = await new PidIsolator('/usr/bin/tini').prepare(PLAN);
    expect(namespaces).toEqual(['pid']);
    expect(mounts).toMatchObject([{ destination: '/proc', type: 'proc' }]);
  });

  it('makes the init PID 1', async () => {
    expect((await new PidIsolator('/usr/bin/tini').prepare(PLAN)).init).toEqual(['/usr/bin/tini', '--']);
  });

  it('leaves the command PID 1 where no init is installed', async () => {
    expect(await new PidIsolator(undefined).prepare(PLAN)).not.toHaveProperty('init');
  });
});
