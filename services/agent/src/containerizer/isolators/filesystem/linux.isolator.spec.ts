import { describe, expect, it } from 'vitest';
import { LinuxFilesystemIsolator } from './linux.isolator.js';

describe('filesystem/linux', () => {
  it('asks for a mount namespace', async () => {
    expect((await new LinuxFilesystemIsolator().prepare()).namespaces).toEqual(['mount']);
  });

  it('binds /dev, or the runtime would change the one of the host', async () => {
    const { mounts } = await new LinuxFilesystemIsolator().prepare();
    expect(mounts).toMatchObject([{ destination: '/dev', type: 'bind', source: '/dev', options: ['rbind', 'rw'] }]);
  });
});
