// size: one class on purpose: what lies where in the hierarchies, and who is within whom, is one layout.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeCgroupFile } from './cgroup-file.js';
import {
  CgroupError,
  foldersIn,
  inheritCpuset,
  processesBelow,
  readWords,
  removeCgroup,
  tryRemove,
} from './cgroup-folder.js';
import type { CgroupLayout } from './cgroup-layout.js';
import { SupervisorCgroup } from './supervisor-cgroup.js';

/** Controllers that a container's v2 cgroup must have; enabled from the top down to the agent's own cgroup. */
const V2_CONTROLLERS = ['cpu', 'memory', 'pids'];
const RETRY_MS = 2;
const KILL_ATTEMPTS = 500;

/** Folder in a container's cgroups in which those of the containers nested in it are. @source Mesos 1.11: the Linux launcher */
const NESTED_FOLDER = 'mesos';

/** In cgroup v2, where a cgroup has processes or others with controllers below it, but not both: where a container's processes are. */
const OWN_FOLDER = 'own';

/** Where a nested container is. */
interface Nested {
  readonly parentId: string;
  readonly sharesLimits: boolean;
  /** Of its folder. */
  readonly name: string;
  /** No container but processes beside the first of one: with those, in v2. */
  readonly isGroup?: true;
}

/**
 * The cgroups of one agent: `<mount point>/<root>/<container id>` in every hierarchy of the machine, and for a container in another
 * `<mount point>/<root>/<parent id>/mesos/<container id>`.
 *
 * All reads and writes are synchronous on purpose: cgroupfs lives in memory, one call takes 5 to 50 µs, and a trip
 * through Node's thread pool costs more than that.
 */
export class CgroupTree {
  /** Parents of the folders that Tranche makes itself: in each v1 hierarchy and in the v2 tree, if there is one. */
  private readonly ownBases: readonly string[];
  /** Parents of all folders that a container may have; where it has a v2 folder, that is among the first. */
  private readonly bases: readonly string[];

  /**
   * In hybrid mode a folder of the v2 tree that never gets controllers, `<top folder of root>.crun`. The OCI
   * containerizer shows it to crun as if it were the v2 root, since crun refuses to run when it sees controllers there;
   * the containers that crun makes are then found below it.
   */
  readonly anchor: string | undefined;
  /** Nested containers: where they are, and whether the limits of the container around them are all that hold. */
  private readonly nested = new Map<string, Nested>();
  /** Of what watches over the containers. */
  readonly supervisors: SupervisorCgroup;

  /**
   * @param layout what the machine has
   * @param root   this agent's path below each mount point, unique on the machine: `tranche/agent-1`
   */
  constructor(
    private readonly layout: CgroupLayout,
    readonly root: string,
  ) {
    const { mode, unified, hierarchies } = layout;
    const [top = ''] = root.split('/');
    this.anchor = mode === 'hybrid' && unified !== undefined ? join(unified, `${top}.crun`) : undefined;
    const v2Bases = [this.anchor, unified].filter((mount) => mount !== undefined).map((mount) => join(mount, root));
    const v1Bases = hierarchies.map((mount) => join(mount, root));
    this.bases = [...v2Bases, ...v1Bases];
    this.ownBases = [...v2Bases.slice(-1), ...v1Bases];
    this.supervisors = new SupervisorCgroup([...(unified === undefined ? [] : [unified]), ...hierarchies], root);
  }

  get isV2(): boolean {
    return this.layout.mode === 'v2';
  }

  /**
   * Says that a container lies within another, before anything else is asked or done about it.
   *
   * @param name of its folder among the parent's
   */
  nest(id: string, parentId: string, sharesLimits: boolean, name = id): void {
    this.nested.set(id, { parentId, sharesLimits, name });
  }

  /** The same of processes that are to run in a living container beside its first. */
  nestGroup(id: string, parentId: string, name: string): void {
    this.nested.set(id, { parentId, sharesLimits: true, name, isGroup: true });
  }

  /** Where the processes of a container are put: in v2 below its cgroup, so that others can be made there as well. */
  ownPathOf(id: string): string {
    return this.isV2 ? join(this.pathOf(id), OWN_FOLDER) : this.pathOf(id);
  }

  /** Path of a container's cgroups below the agent's own: its id, for a nested one `<the parent's>/mesos/<name>`. */
  pathOf(id: string): string {
    const nesting = this.nested.get(id);
    if (nesting === undefined) return id;
    const { parentId, name, isGroup } = nesting;
    const parent = isGroup === true && this.canHold(parentId) ? this.ownPathOf(parentId) : this.pathOf(parentId);
    return join(parent, NESTED_FOLDER, name);
  }

  /** Path of a nested container's cgroups below its parent's, of a group's below those of the parent's processes. */
  pathWithin(id: string): string {
    return join(NESTED_FOLDER, this.nested.get(id)?.name ?? id);
  }

  /** The container and those nested in it that have no limits of their own: together they are what its limits hold for. */
  limitedBy(id: string): string[] {
    const sharing = [...this.nested].filter(([, { parentId, sharesLimits }]) => parentId === id && sharesLimits);
    return [id, ...sharing.flatMap(([child]) => this.limitedBy(child))];
  }

  hasNested(id: string): boolean {
    return [...this.nested.values()].some(({ parentId }) => parentId === id);
  }

  /** Folder of a container's v1 controller, or its v2 folder. @throws CgroupError when the machine has no such controller */
  folder(controller: string, id: string): string {
    return join(this.mountPoint(controller), this.root, this.pathOf(id));
  }

  /** The same, and in v2 below it that of the container's processes. */
  foldersOf(controller: string, id: string): string[] {
    const mount = join(this.mountPoint(controller), this.root);
    return [...new Set([this.pathOf(id), this.ownPathOf(id)])].map((path) => join(mount, path));
  }

  /** Where the controller's hierarchy is mounted. @throws CgroupError when it is not */
  mountPoint(controller: string): string {
    const mount = this.isV2 ? this.layout.unified : this.layout.controllers.get(controller);
    if (mount === undefined) throw new CgroupError(`the machine has no cgroup controller "${controller}"`);
    return mount;
  }

  /** Whether this machine can account and limit with the controller. */
  has(controller: string): boolean {
    if (!this.isV2) return this.layout.controllers.has(controller);
    const mount = this.layout.unified;
    return mount !== undefined && readWords(join(mount, 'cgroup.controllers')).includes(controller);
  }

  /** Ids that have a folder anywhere, wherever they came from; those within other containers too. */
  list(): string[] {
    const found = new Set<string>();
    for (const base of this.bases) {
      for (const id of foldersIn(base)) {
        found.add(id);
        this.addNested(join(base, id), id, found);
      }
    }
    return [...found];
  }

  private addNested(folder: string, parentId: string, found: Set<string>): void {
    const within = join(folder, NESTED_FOLDER);
    for (const name of foldersIn(within)) {
      const id = this.nestedId(parentId, name);
      found.add(id);
      this.addNested(join(within, name), id, found);
    }
    if (!this.isV2) return;
    for (const name of foldersIn(join(folder, OWN_FOLDER, NESTED_FOLDER)))
      found.add(this.nestedId(parentId, name, true));
  }

  /** One that nobody has spoken of becomes known by the name of its folder, unless that is the id of another. */
  private nestedId(parentId: string, name: string, isGroup = false): string {
    for (const [id, nesting] of this.nested) if (nesting.parentId === parentId && nesting.name === name) return id;
    const isTaken = this.nested.has(name) || this.bases.some((base) => existsSync(join(base, name)));
    const id = isTaken ? `${parentId}.${name}` : name;
    if (isGroup) this.nestGroup(id, parentId, name);
    else this.nest(id, parentId, true, name);
    return id;
  }

  /** Makes what is above the folder that an OCI runtime makes by itself, in v2: there the container is limited. */
  prepare(id: string): void {
    if (this.isV2) this.enableControllers(id);
  }

  /** Makes the container's folder in every hierarchy, where no OCI runtime does. */
  create(id: string): void {
    this.prepare(id);
    for (const base of this.ownBases) {
      mkdirSync(join(base, this.ownPathOf(id)), { recursive: true });
      inheritCpuset(base.slice(0, -this.root.length), join(this.root, this.pathOf(id)));
    }
  }

  /**
   * Makes folders within those that a living container has, for processes beside its first: its limits hold for them, and they can be told
   * from the others and killed together.
   */
  createGroup(id: string): void {
    for (const base of this.bases) {
      const folder = join(base, this.pathOf(id));
      if (!existsSync(dirname(dirname(folder)))) continue;
      mkdirSync(folder, { recursive: true });
      inheritCpuset(base.slice(0, -this.root.length), join(this.root, this.pathOf(id)));
    }
  }

  /**
   * Whether containers can be made within this one: in v2 not in one of an agent that put its processes where nothing else can be, since a
   * cgroup that has processes hands no controllers down.
   */
  canHold(id: string): boolean {
    return !this.isV2 || existsSync(join(this.layout.unified ?? '', this.root, this.pathOf(id), OWN_FOLDER));
  }

  /** Files that a process writes its pid to, to enter the container's cgroups. */
  procsFiles(id: string): string[] {
    return this.ownBases.map((base) => join(base, this.ownPathOf(id), 'cgroup.procs'));
  }

  /** The same for all cgroups that a living container has, whoever has made them. */
  livingProcsFiles(id: string): string[] {
    return this.bases
      .map((base) => join(base, this.pathOf(id)))
      .map((folder) => (existsSync(join(folder, OWN_FOLDER)) ? join(folder, OWN_FOLDER) : folder))
      .map((folder) => join(folder, 'cgroup.procs'))
      .filter((file) => existsSync(file));
  }

  /** Pids inside, as the agent sees them; those of nested cgroups too. Empty when the cgroup is gone. */
  processes(id: string): number[] {
    const folder = this.bases.map((base) => join(base, this.pathOf(id))).find((candidate) => existsSync(candidate));
    return folder === undefined ? [] : processesBelow(folder);
  }

  /**
   * Kills every process inside until none is left: at once and atomically by `cgroup.kill` where the container is in
   * the v2 tree, else by signals, repeated because a process may fork between the reading and the killing.
   */
  async kill(id: string): Promise<void> {
    for (let attempt = 0; attempt < KILL_ATTEMPTS; attempt++) {
      const pids = this.processes(id);
      if (pids.length === 0) return;
      if (!this.killAtomically(id)) for (const pid of pids) signalQuietly(pid, 'SIGKILL');
      await delay(RETRY_MS);
    }
    throw new CgroupError(`processes of ${id} survive SIGKILL: ${this.processes(id).join(' ')}`);
  }

  /** Removes the container's folders everywhere. They stay busy for a moment after the last process: tried again. */
  async remove(id: string): Promise<void> {
    for (const base of this.bases) await removeCgroup(join(base, this.pathOf(id)));
    this.nested.delete(id);
  }

  /**
   * Makes the agent's own folders. While they are there, no other agent that stops takes away the folders above, which
   * agents share; the anchor among them is bound in their mount namespaces.
   */
  createRoot(): void {
    for (const base of this.bases) mkdirSync(base, { recursive: true });
    this.supervisors.create();
  }

  /** Removes the agent's own folders and those above them that are its own to make, as far as they are empty. */
  removeRoot(): void {
    const depth = this.root.split('/').length;
    for (const base of this.bases) {
      let folder = base;
      for (let level = 0; level < depth && tryRemove(folder); level++) folder = dirname(folder);
    }
    if (this.anchor !== undefined) tryRemove(this.anchor);
    this.supervisors.remove();
  }

  private killAtomically(id: string): boolean {
    const folder = this.bases.map((base) => join(base, this.pathOf(id))).find((candidate) => existsSync(candidate));
    if (folder === undefined || !existsSync(join(folder, 'cgroup.kill'))) return false;
    writeCgroupFile(join(folder, 'cgroup.kill'), 1);
    return true;
  }

  /** v2 hands a controller down only if every cgroup above names it in `cgroup.subtree_control`. */
  private enableControllers(id: string): void {
    let folder = this.layout.unified ?? '';
    for (const part of ['', ...join(this.root, dirname(this.ownPathOf(id))).split('/')]) {
      folder = join(folder, part);
      mkdirSync(folder, { recursive: true });
      const available = readWords(join(folder, 'cgroup.controllers'));
      const enabled = readWords(join(folder, 'cgroup.subtree_control'));
      const wanted = V2_CONTROLLERS.filter((name) => available.includes(name) && !enabled.includes(name));
      if (wanted.length > 0) {
        writeFileSync(join(folder, 'cgroup.subtree_control'), wanted.map((name) => `+${name}`).join(' '));
      }
    }
  }
}

/** Sends a signal to a process that may be gone already, or has become another user's. */
export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
