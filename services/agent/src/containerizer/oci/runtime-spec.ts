/**
 * The part of the OCI runtime specification that Tranche writes. Field names are the specification's.
 *
 * @source OCI runtime-spec 1.0.2, config.md and config-linux.md
 */
export interface RuntimeSpec {
  readonly ociVersion: string;
  readonly process: SpecProcess;
  readonly root: { readonly path: string; readonly readonly: boolean };
  readonly mounts: readonly SpecMount[];
  readonly linux: {
    readonly cgroupsPath: string;
    /** One with a path is joined, the others are made. */
    readonly namespaces: readonly { readonly type: SpecNamespace; readonly path?: string }[];
    readonly resources: SpecResources;
    /** Seen as empty; those that are not there are left out. */
    readonly maskedPaths?: readonly string[];
    readonly readonlyPaths?: readonly string[];
  };
}

export interface SpecProcess {
  readonly terminal: false;
  readonly user: { readonly uid: number; readonly gid: number; readonly additionalGids: readonly number[] };
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly capabilities: SpecCapabilities;
  /** Whether no program, whatever its file says, may give it more rights than it has. */
  readonly noNewPrivileges?: boolean;
}

export interface SpecCapabilities {
  readonly bounding: readonly string[];
  readonly effective: readonly string[];
  readonly permitted: readonly string[];
}

export type SpecNamespace = 'pid' | 'mount' | 'ipc' | 'uts' | 'network';

export interface SpecMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

export interface SpecResources {
  readonly cpu?: { readonly shares?: number; readonly quota?: number; readonly period?: number };
  /** `swap` is memory and swap together, as cgroup v1 counts. */
  readonly memory?: { readonly limit?: number; readonly reservation?: number; readonly swap?: number };
  readonly devices?: readonly { readonly allow: boolean; readonly access: string }[];
}

/** Layers that are laid over one another for one container, by overlayfs. */
export interface SpecOverlay {
  /** Folder of the host in which the other names are. */
  readonly place: string;
  /** Names of the layers, the topmost first. */
  readonly lower: readonly string[];
}

/** Of each overlay, in its place: what the container changes; overlayfs' own; where all of it is seen together. */
export const OVERLAY = { upper: 'upper', work: 'work', merged: 'rootfs' } as const;

/** What one isolator adds to the spec. */
export interface SpecContribution {
  /** Root file system of the container, on the host; absent for one that sees that of the host. */
  readonly rootfs?: string;
  /** Mounted before everything else, where only the container's supervisor and runtime see it. */
  readonly overlays?: readonly SpecOverlay[];
  readonly maskedPaths?: readonly string[];
  readonly readonlyPaths?: readonly string[];
  readonly namespaces?: readonly SpecNamespace[];
  /** In the order in which they are to be mounted. */
  readonly mounts?: readonly SpecMount[];
  readonly resources?: SpecResources;
  /** Program and arguments that become PID 1 and run the container's own command as their child. */
  readonly init?: readonly string[];
}

/** All contributions together, in the order of the isolators. */
export interface MergedContribution {
  readonly rootfs?: string;
  readonly overlays?: readonly SpecOverlay[];
  readonly maskedPaths?: readonly string[];
  readonly readonlyPaths?: readonly string[];
  readonly namespaces: readonly SpecNamespace[];
  readonly mounts: readonly SpecMount[];
  readonly resources: SpecResources;
  readonly init: readonly string[];
}

/** Two isolators want different things. */
export class SpecConflictError extends Error {
  readonly code = 'containerizer/spec-conflict';
  constructor(message: string) {
    super(message);
    this.name = 'SpecConflictError';
  }
}

/** @throws SpecConflictError when two isolators set the same resource or both bring an init */
export function mergeContributions(contributions: readonly SpecContribution[]): MergedContribution {
  const namespaces = new Set<SpecNamespace>();
  const mounts: SpecMount[] = [];
  const resources: Record<string, unknown> = {};
  let init: readonly string[] = [];
  for (const contribution of contributions) {
    for (const namespace of contribution.namespaces ?? []) namespaces.add(namespace);
    mounts.push(...(contribution.mounts ?? []));
    for (const [kind, value] of Object.entries(contribution.resources ?? {})) {
      if (resources[kind] !== undefined) throw new SpecConflictError(`two isolators set the ${kind} resources`);
      resources[kind] = value;
    }
    if (contribution.init === undefined) continue;
    if (init.length > 0)
      throw new SpecConflictError(`two isolators bring an init: ${init[0]}, ${contribution.init[0]}`);
    init = contribution.init;
  }
  return { namespaces: [...namespaces], mounts, resources, init, ...filesOf(contributions) };
}

/** What concerns the root file system: it comes from one isolator alone. */
function filesOf(contributions: readonly SpecContribution[]): Partial<MergedContribution> {
  const { rootfs, overlays, maskedPaths, readonlyPaths } =
    contributions.find(({ rootfs: root, overlays: mounts }) => root !== undefined || mounts !== undefined) ?? {};
  return {
    ...(rootfs === undefined ? {} : { rootfs }),
    ...(overlays === undefined ? {} : { overlays }),
    ...(maskedPaths === undefined ? {} : { maskedPaths }),
    ...(readonlyPaths === undefined ? {} : { readonlyPaths }),
  };
}
