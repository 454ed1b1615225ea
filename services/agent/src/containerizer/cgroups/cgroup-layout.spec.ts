import { describe, expect, it } from 'vitest';
import { detectCgroups } from './cgroup-layout.js';

const V1_CPU = '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct';
const V1_MEMORY = '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory';
const V1_SYSTEMD = '40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd';
const UNIFIED = '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate';
const V2 = '41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw';
const ROOT = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard';

describe('detectCgroups', () => {
  it('finds v1 when only v1 hierarchies are mounted', () => {
    const layout = detectCgroups([ROOT, V1_CPU, V1_MEMORY].join('\n'));
    expect(layout.mode).toBe('v1');
    expect(layout.unified).toBeUndefined();
  });

  it('gives joined controllers the same mount point', () => {
    const { controllers } = detectCgroups(V1_CPU);
    expect(controllers.get('cpu')).toBe('/sys/fs/cgroup/cpu,cpuacct');
    expect(controllers.get('cpuacct')).toBe('/sys/fs/cgroup/cpu,cpuacct');
  });

  it('lists named hierarchies, which carry no controller', () => {
    const layout = detectCgroups([V1_MEMORY, V1_SYSTEMD].join('\n'));
    expect(layout.hierarchies).toEqual(['/sys/fs/cgroup/memory', '/sys/fs/cgroup/systemd']);
    expect([...layout.controllers.keys()]).toEqual(['memory']);
  });

  it('finds hybrid when a cgroup2 mount stands beside v1 controllers', () => {
    const layout = detectCgroups([V1_CPU, UNIFIED].join('\n'));
    expect(layout).toMatchObject({ mode: 'hybrid', unified: '/sys/fs/cgroup/unified' });
  });

  it('finds v2 when cgroup2 is all there is', () => {
    expect(detectCgroups([ROOT, V2].join('\n'))).toMatchObject({ mode: 'v2', unified: '/sys/fs/cgroup' });
  });

  it('finds v2 when the only v1 hierarchy carries no controller', () => {
    expect(detectCgroups([V1_SYSTEMD, V2].join('\n')).mode).toBe('v2');
  });

  it('finds none without cgroup mounts', () => {
    expect(detectCgroups(ROOT).mode).toBe('none');
    expect(detectCgroups('').mode).toBe('none');
  });

  it('counts a controller that is mounted twice once, at its first place', () => {
    const second = V1_MEMORY.replace('/sys/fs/cgroup/memory', '/mnt/memory');
    const layout = detectCgroups([V1_MEMORY, second].join('\n'));
    expect(layout.hierarchies).toEqual(['/sys/fs/cgroup/memory']);
  });

  it('decodes the octal escapes of mount points', () => {
    expect(detectCgroups(V1_MEMORY.replace('cgroup/memory', 'c\\040g')).controllers.get('memory')).toBe('/sys/fs/c g');
  });
});
