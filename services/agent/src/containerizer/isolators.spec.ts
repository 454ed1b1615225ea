import { afterAll, describe, expect, it } from 'vitest';
import { FakeCgroups } from './cgroups/fake-cgroups.js';
import { diskWatchOf } from './isolators/disk/disk-watch.js';
import { describeIsolator } from './isolator.conformance.js';
import { createIsolators, ISOLATORS, IsolationError, LINUX_ISOLATION, POSIX_ISOLATION } from './isolators.js';

for (const entry of ISOLATORS) {
  for (const mode of ['v1', 'hybrid', 'v2'] as const) describeIsolator(entry, mode);
}

describe('createIsolators', () => {
  const cgroups = new FakeCgroups('v1');

  afterAll(() => cgroups.remove());

  const create = (...names: string[]) =>
    createIsolators(names, { cgroups: cgroups.tree, listProcesses: () => [], disk: diskWatchOf({}) }).map(
      ({ name }) => name,
    );

  it('puts isolators in their own order, whatever order they are given in', () => {
    const given = ['namespaces/pid', 'cgroups/mem', 'filesystem/linux', 'cgroups/cpu'];
    expect(create(...given)).toEqual(['filesystem/linux', 'cgroups/cpu', 'cgroups/mem', 'namespaces/pid']);
  });

  it('accepts its own defaults', () => {
    expect(create(...LINUX_ISOLATION)).toEqual(LINUX_ISOLATION);
    expect(create(...POSIX_ISOLATION)).toEqual(POSIX_ISOLATION);
  });

  it('accepts no isolation at all', () => {
    expect(create()).toEqual([]);
  });

  it('refuses an unknown name', () => {
    expect(() => create('cgroups/cup')).toThrow('isolation cannot be used: unknown isolator "cgroups/cup"');
  });

  it('refuses a name given twice', () => {
    expect(() => create('cgroups/cpu', 'cgroups/cpu')).toThrow('"cgroups/cpu" given twice');
  });

  it('refuses two file systems', () => {
    expect(() => create('filesystem/linux', 'filesystem/posix')).toThrow(
      'only one of filesystem/linux, filesystem/posix may be given',
    );
  });

  it('refuses a pid namespace without a mount namespace for its own /proc', () => {
    expect(() => create('namespaces/pid')).toThrow('"namespaces/pid" needs "filesystem/linux"');
  });

  it('names all faults at once', () => {
    expect(() => create('a', 'b')).toThrow(IsolationError);
    expect(() => create('a', 'b')).toThrow('unknown isolator "a"; unknown isolator "b"');
  });
});
