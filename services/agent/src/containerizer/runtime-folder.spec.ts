import { describe, expect, it } from 'vitest';
import { chooseRuntimeParent } from './runtime-folder.js';

const ROOT = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw';
const RUN = '25 27 0:23 / /run rw,nosuid - tmpfs tmpfs rw,mode=755';
const SHM = '30 25 0:27 / /dev/shm rw,relatime shared:4 - tmpfs tmpfs rw';

describe('chooseRuntimeParent', () => {
  it('prefers /run when it is a tmpfs', () => {
    expect(chooseRuntimeParent([ROOT, SHM, RUN].join('\n'))).toBe('/run');
  });

  it('takes /dev/shm when /run lies on a disk', () => {
    expect(chooseRuntimeParent([ROOT, SHM].join('\n'))).toBe('/dev/shm');
  });

  it('passes over a tmpfs that another mount hides', () => {
    const hidden = RUN.replace('tmpfs tmpfs', 'ext4 /dev/vdb');
    expect(chooseRuntimeParent([RUN, hidden].join('\n'))).toBeUndefined();
  });

  it('finds nothing where nothing is mounted', () => {
    expect(chooseRuntimeParent('')).toBeUndefined();
  });
});
