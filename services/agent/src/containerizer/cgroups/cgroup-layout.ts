/**
 * Which control groups a machine has, told from the text of /proc/self/mountinfo. Pure.
 *
 * - `v1`: one hierarchy per controller (or per group of controllers), no cgroup2 mount.
 * - `hybrid`: the same, and a cgroup2 mount beside them, as systemd's hybrid mode makes at /sys/fs/cgroup/unified.
 * - `v2`: one cgroup2 mount and no v1 controller.
 * - `none`: neither is mounted; limits cannot be enforced.
 */
export type CgroupMode = 'v1' | 'hybrid' | 'v2' | 'none';

export interface CgroupLayout {
  readonly mode: CgroupMode;
  /** v1 only: mount point by controller name (`cpu`, `cpuacct`, `memory`, …). Joined controllers share a mount point. */
  readonly controllers: ReadonlyMap<string, string>;
  /** Mount points of every v1 hierarchy, named ones (`name=systemd`) included, each once, in the order of mounting. */
  readonly hierarchies: readonly string[];
  /** Mount point of cgroup2, in the modes `hybrid` and `v2`. */
  readonly unified?: string;
}

/** Names that a v1 hierarchy can carry; anything else among the super options (`rw`, `xattr` …) is no controller. */
const CONTROLLERS = new Set([
  'cpu',
  'cpuacct',
  'cpuset',
  'memory',
  'devices',
  'freezer',
  'net_cls',
  'net_prio',
  'blkio',
  'perf_event',
  'hugetlb',
  'pids',
  'rdma',
  'misc',
]);

/**
 * @param mountinfo text of /proc/self/mountinfo; a controller that is mounted more than once counts at its first place
 * @source proc_pid_mountinfo(5): `id parent maj:min root mountpoint options [tags] - fstype source superoptions`
 */
export function detectCgroups(mountinfo: string): CgroupLayout {
  const controllers = new Map<string, string>();
  const hierarchies: string[] = [];
  let unified: string | undefined;
  for (const line of mountinfo.split('\n')) {
    const mount = parseMount(line);
    if (mount?.type === 'cgroup2') unified ??= mount.point;
    if (mount?.type !== 'cgroup') continue;
    const fresh = mount.options.filter((option) => CONTROLLERS.has(option) && !controllers.has(option));
    const named = mount.options.some((option) => option.startsWith('name='));
    if (fresh.length === 0 && !named) continue;
    for (const controller of fresh) controllers.set(controller, mount.point);
    hierarchies.push(mount.point);
  }
  return { mode: modeOf(controllers.size > 0, unified !== undefined), controllers, hierarchies, unified };
}

function modeOf(hasV1: boolean, hasV2: boolean): CgroupMode {
  if (hasV1) return hasV2 ? 'hybrid' : 'v1';
  return hasV2 ? 'v2' : 'none';
}

function parseMount(line: string): { type: string; point: string; options: string[] } | undefined {
  const [mount, filesystem] = line.split(' - ');
  const point = mount?.split(' ')[4];
  const [type, , superOptions = ''] = filesystem?.split(' ') ?? [];
  if (point === undefined || type === undefined) return undefined;
  return { type, point: unescapeOctal(point), options: superOptions.split(',') };
}

/** The kernel writes space, tab, newline and backslash in paths as `\040` and the like. */
function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
