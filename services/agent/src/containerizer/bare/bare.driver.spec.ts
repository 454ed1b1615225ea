import { describe, expect, it } from 'vitest';
import { composeEnterScript } from './bare.driver.js';

const NOTHING = { namespaces: [], mounts: [], resources: {}, init: [] } as const;

describe('composeEnterScript', () => {
  it('enters every cgroup before it goes on', () => {
    const lines = composeEnterScript(['/cg/cpu/c1/cgroup.procs', '/cg/my mem/c1/cgroup.procs'], NOTHING).split('\n');
    expect(lines.slice(1, 4)).toEqual([
      'echo 0 > /cg/cpu/c1/cgroup.procs || exit 125',
      `echo 0 > '/cg/my mem/c1/cgroup.procs' || exit 125`,
      'exec /bin/sh ./run',
    ]);
  });

  it('makes the namespaces that isolators ask for, and ends the pid namespace with its supervisor', () => {
    const script = composeEnterScript([], { ...NOTHING, namespaces: ['mount', 'pid'] });
    expect(script).toContain(
      'exec unshare --mount --propagation slave --pid --fork --kill-child --mount-proc /bin/sh ./run',
    );
  });
});
