import { describe, expect, it } from 'vitest';
import type { ContainerConfig } from '../container.js';
import type { ResolvedUser } from '../processes/user.js';
import { asUser, composeSpec } from './compose-spec.js';

const CONFIG: ContainerConfig = {
  ...{ id: 'c1', args: ['sh', '-c', 'exit 0'], user: 'root', sandbox: '/srv/sandbox' },
  env: [
    ['PATH', '/bin'],
    ['A', 'b=c'],
  ],
  limits: { cpusMilli: 100, memBytes: 1 },
};
const ROOT: ResolvedUser = { name: 'root', uid: 0, gid: 0, additionalGids: [] };
const ALICE: ResolvedUser = { name: 'alice', uid: 1000, gid: 1000, additionalGids: [44] };
const ENVIRONMENT = { rootfs: '/run/rootfs', cgroupsPath: '/tranche/c1', capabilities: ['CAP_CHOWN', 'CAP_KILL'] };
const MERGED = { namespaces: ['mount', 'pid'], mounts: [], resources: {}, init: ['/usr/bin/tini', '--'] } as const;

describe('composeSpec', () => {
  it('puts the init before the command', () => {
    expect(composeSpec(CONFIG, ROOT, MERGED, ENVIRONMENT).process.args).toEqual([
      ...['/usr/bin/tini', '--', 'sh', '-c', 'exit 0'],
    ]);
  });

  it('writes the environment as it was given, in order', () => {
    expect(composeSpec(CONFIG, ROOT, MERGED, ENVIRONMENT).process.env).toEqual(['PATH=/bin', 'A=b=c']);
  });

  it('works in the sandbox', () => {
    expect(composeSpec(CONFIG, ROOT, MERGED, ENVIRONMENT).process.cwd).toBe('/srv/sandbox');
  });

  it('leaves root all that the agent may do', () => {
    const capabilities = composeSpec(CONFIG, ROOT, MERGED, ENVIRONMENT).process.capabilities;
    expect(capabilities).toEqual({
      bounding: ['CAP_CHOWN', 'CAP_KILL'],
      effective: ['CAP_CHOWN', 'CAP_KILL'],
      permitted: ['CAP_CHOWN', 'CAP_KILL'],
    });
  });

  it('gives others no capability, but does not keep them from becoming root', () => {
    const { user, capabilities } = composeSpec(CONFIG, ALICE, MERGED, ENVIRONMENT).process;
    expect(user).toEqual({ uid: 1000, gid: 1000, additionalGids: [44] });
    expect(capabilities).toEqual({ bounding: ['CAP_CHOWN', 'CAP_KILL'], effective: [], permitted: [] });
  });

  it('keeps others from becoming root in a container with an image, also those who come later', () => {
    const image = { name: 'x:1', layers: [], workingDirectory: '/' };
    const processOf = (user: ResolvedUser) => composeSpec({ ...CONFIG, image }, user, MERGED, ENVIRONMENT).process;
    expect(processOf(ALICE).noNewPrivileges).toBe(true);
    expect(processOf(ROOT)).not.toHaveProperty('noNewPrivileges');
    expect(asUser(processOf(ROOT), ALICE, true).noNewPrivileges).toBe(true);
    expect(asUser(processOf(ALICE), ROOT, true)).toEqual(processOf(ROOT));
    const onHost = composeSpec(CONFIG, ROOT, MERGED, ENVIRONMENT).process;
    expect(asUser(onHost, ALICE, false)).not.toHaveProperty('noNewPrivileges');
  });

  it('permits no devices of the host in a container with an image', () => {
    const image = { name: 'x:1', layers: [], workingDirectory: '/' };
    const resourcesOf = (config: ContainerConfig) =>
      composeSpec(config, ROOT, { ...MERGED, resources: { cpu: { shares: 2 } } }, ENVIRONMENT).linux.resources;
    expect(resourcesOf({ ...CONFIG, image })).toEqual({
      cpu: { shares: 2 },
      devices: [{ allow: false, access: 'rwm' }],
    });
    expect(resourcesOf(CONFIG)).toEqual({ cpu: { shares: 2 } });
  });

  it('roots the container in the staged file system, and its cgroups where it is told', () => {
    const spec = composeSpec(CONFIG, ROOT, MERGED, ENVIRONMENT);
    expect(spec.root).toEqual({ path: '/run/rootfs', readonly: false });
    expect(spec.linux.cgroupsPath).toBe('/tranche/c1');
    expect(spec.linux.namespaces).toEqual([{ type: 'mount' }, { type: 'pid' }]);
  });

  it('joins the namespaces that nested containers share, and makes the others', () => {
    const nesting = { parentId: 'p1', sharesLimits: true };
    const namespaces = (more: object = {}) =>
      composeSpec({ ...CONFIG, nesting: { ...nesting, ...more } }, ROOT, MERGED, { ...ENVIRONMENT, parentPid: 7 }).linux
        .namespaces;
    const shared = [
      { type: 'ipc', path: '/proc/7/ns/ipc' },
      { type: 'uts', path: '/proc/7/ns/uts' },
      { type: 'network', path: '/proc/7/ns/net' },
    ];
    expect(namespaces()).toEqual([{ type: 'mount' }, { type: 'pid' }, ...shared]);
    expect(namespaces({ sharesPids: true })).toEqual([
      { type: 'mount' },
      ...shared,
      { type: 'pid', path: '/proc/7/ns/pid' },
    ]);
  });
});
