import { describe, expect, it } from 'vitest';
import type { ContainerLaunch } from './agent-container.js';
import { containerConfig } from './container-config.js';

const AROUND = { enforceCpuRequest: false, workDir: '/work' };
const LAUNCH: ContainerLaunch = {
  ...{ containerId: 'u-1', id: { value: 'side', parent: { value: 'p' } }, parentId: 'u-0', user: 'daemon' },
  ...{ command: { value: 'echo hi' }, sandbox: '/sandbox/containers/side', launchedAtMs: 1 },
};

describe('containerConfig', () => {
  it('nests a container under its client’s name, within the limits around it', () => {
    expect(containerConfig(LAUNCH, AROUND)).toEqual({
      ...{ id: 'u-1', args: ['sh', '-c', 'echo hi'], user: 'daemon', sandbox: '/sandbox/containers/side' },
      env: [
        ['PATH', expect.any(String)],
        ['MESOS_SANDBOX', '/sandbox/containers/side'],
      ],
      limits: { cpusMilli: 0, memBytes: 0, memLimitBytes: Number.POSITIVE_INFINITY },
      nesting: { parentId: 'u-0', name: 'side', sharesLimits: true },
    });
  });

  it('gives the command’s own variables the last word', () => {
    const variables = [{ name: 'PATH', value: '/bin' }, { name: 'EMPTY' }];
    const { env } = containerConfig({ ...LAUNCH, command: { value: 'x', environment: { variables } } }, AROUND);
    expect(Object.fromEntries(env)).toEqual({ PATH: '/bin', MESOS_SANDBOX: expect.any(String), EMPTY: '' });
  });

  it('gives it limits and a terminal of its own when it asks for them', () => {
    const container = {
      ...{ type: 'MESOS' as const, linux_info: { share_cgroups: false, share_pid_namespace: true } },
      tty_info: { window_size: { rows: 1, columns: 2 } },
    };
    const resources = [{ name: 'mem', type: 'SCALAR' as const, scalar: { value: 64 } }];
    expect(containerConfig({ ...LAUNCH, container, resources }, AROUND)).toMatchObject({
      limits: { cpusMilli: 0, memBytes: 64 << 20 },
      terminal: { window: { rows: 1, columns: 2 } },
      nesting: { sharesLimits: false, sharesPids: true },
    });
  });

  it('shows a folder of the sandbox around it, and refuses that to one that stands alone', () => {
    const source = { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'data' } } as const;
    const container = { type: 'MESOS' as const, volumes: [{ mode: 'RW' as const, container_path: 'data', source }] };
    const around = { ...AROUND, parentSandbox: '/sandbox' };
    expect(containerConfig({ ...LAUNCH, container }, around).volumes).toEqual([
      { kind: 'sandbox', source: '/sandbox/data', containerPath: 'data', readOnly: false },
    ]);
    const { parentId: _, ...alone } = { ...LAUNCH, id: { value: 'a' }, container };
    expect(() => containerConfig(alone, AROUND)).toThrow(/no parent whose sandbox it could see/);
  });
});
