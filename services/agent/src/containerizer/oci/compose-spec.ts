import type { ContainerConfig } from '../container.js';
import type { ResolvedUser } from '../processes/user.js';
import type { MergedContribution, RuntimeSpec, SpecCapabilities } from './runtime-spec.js';

/** What the runtime spec takes from the agent rather than from the container. */
export interface SpecEnvironment {
  /** Folder on which the root file system of containers without an image is staged. */
  readonly rootfs: string;
  /** Path of the container's cgroups below every mount point, with a leading slash. */
  readonly cgroupsPath: string;
  /** Capabilities of the agent: root in a container without `linux/capabilities` has what root outside has. */
  readonly capabilities: readonly string[];
}

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
      user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
      args: [...merged.init, ...config.args],
      env: config.env.map(([name, value]) => `${name}=${value}`),
      cwd: config.sandbox,
      capabilities: capabilitiesOf(user, environment.capabilities),
    },
    root: { path: environment.rootfs, readonly: false },
    mounts: merged.mounts,
    linux: {
      cgroupsPath: environment.cgroupsPath,
      namespaces: merged.namespaces.map((type) => ({ type })),
      resources: merged.resources,
    },
  };
}

/**
 * As a plain switch of users outside a container would leave them: root keeps all, anyone else gets none but could
 * regain them through set-user-ID programs. Without this entry the runtimes take everything from root as well.
 */
function capabilitiesOf(user: ResolvedUser, available: readonly string[]): SpecCapabilities {
  const effective = user.uid === 0 ? available : [];
  return { bounding: available, effective, permitted: effective };
}
