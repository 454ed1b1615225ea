import type { ContainerConfig } from '../container.js';
import type { ResolvedUser } from '../processes/user.js';
import type { MergedContribution, RuntimeSpec, SpecCapabilities, SpecNamespace, SpecProcess } from './runtime-spec.js';

/** What the runtime spec takes from the agent rather than from the container. */
export interface SpecEnvironment {
  /** Folder on which the root file system of containers without an image is staged. */
  readonly rootfs: string;
  /** Path of the container's cgroups below every mount point, with a leading slash. */
  readonly cgroupsPath: string;
  /** Capabilities of the agent: root in a container without `linux/capabilities` has what root outside has. */
  readonly capabilities: readonly string[];
  /** First process of the container around it, whose namespaces a nested one joins. */
  readonly parentPid?: number;
}

/**
 * No devices but those that the runtimes make themselves in /dev, and permit beside this. crun permits all of the host's without it, and takes from
 * a root file system the flag that makes devices of an image mean nothing.
 */
const NO_DEVICES = [{ allow: false, access: 'rwm' }] as const;

/** What containers in one another always share. Those of the host, where the outer one has none of its own. */
const SHARED_NAMESPACES = ['ipc', 'uts', 'network'] as const;

/** The runtime spec of one container. Pure. */
export function composeSpec(
  config: ContainerConfig,
  user: ResolvedUser,
  merged: MergedContribution,
  environment: SpecEnvironment,
): RuntimeSpec {
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: userOf(user),
      args: [...merged.init, ...config.args],
      env: config.env.map(([name, value]) => `${name}=${value}`),
      cwd: config.image?.workingDirectory ?? config.sandbox,
      capabilities: capabilitiesOf(user, environment.capabilities),
      ...boundsOf(user, config.image !== undefined),
    },
    root: { path: merged.rootfs ?? environment.rootfs, readonly: false },
    mounts: merged.mounts,
    linux: {
      cgroupsPath: environment.cgroupsPath,
      namespaces: namespacesOf(config, merged, environment.parentPid),
      resources: config.image === undefined ? merged.resources : { devices: NO_DEVICES, ...merged.resources },
      ...(merged.maskedPaths === undefined ? {} : { maskedPaths: merged.maskedPaths }),
      ...(merged.readonlyPaths === undefined ? {} : { readonlyPaths: merged.readonlyPaths }),
    },
  };
}

function namespacesOf(
  { nesting }: ContainerConfig,
  { namespaces }: MergedContribution,
  parentPid: number | undefined,
): RuntimeSpec['linux']['namespaces'] {
  if (nesting === undefined || parentPid === undefined) return namespaces.map((type) => ({ type }));
  const shared: readonly SpecNamespace[] =
    nesting.sharesPids === true && namespaces.includes('pid') ? [...SHARED_NAMESPACES, 'pid'] : SHARED_NAMESPACES;
  const own = namespaces.filter((type) => !shared.includes(type));
  return [...own.map((type) => ({ type })), ...shared.map((type) => ({ type, path: namespaceOf(parentPid, type) }))];
}

/** The kernel's name of a namespace, in the folder of a process that is in it. */
const namespaceOf = (pid: number, type: SpecNamespace): string =>
  `/proc/${pid}/ns/${type === 'network' ? 'net' : type}`;

/**
 * The process of a spec as another user runs it: with no more than the container may have.
 *
 * @param hasImage whether the container has one
 */
export function asUser(process: SpecProcess, user: ResolvedUser, hasImage: boolean): SpecProcess {
  const { noNewPrivileges: _, ...others } = process;
  return {
    ...others,
    user: userOf(user),
    capabilities: capabilitiesOf(user, process.capabilities.bounding),
    ...boundsOf(user, hasImage),
  };
}

const userOf = ({ uid, gid, additionalGids }: ResolvedUser): SpecProcess['user'] => ({ uid, gid, additionalGids });

/**
 * Whoever is not root stays what they are, whichever files an image and the volumes beside it have. crun takes from a root file system the flags
 * that it is mounted with: there nothing else holds.
 */
const boundsOf = ({ uid }: ResolvedUser, hasImage: boolean): Pick<SpecProcess, 'noNewPrivileges'> =>
  hasImage && uid !== 0 ? { noNewPrivileges: true } : {};

/**
 * As a plain switch of users outside a container would leave them: root keeps all, anyone else gets none but could
 * regain them through set-user-ID programs of the host. Without this entry the runtimes take everything from root as well.
 */
function capabilitiesOf(user: ResolvedUser, available: readonly string[]): SpecCapabilities {
  const effective = user.uid === 0 ? available : [];
  return { bounding: available, effective, permitted: effective };
}
