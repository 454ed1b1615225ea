import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readCgroupFile } from '../cgroups/cgroup-file.js';
import { signalQuietly } from '../cgroups/cgroup-tree.js';
import { insideArgv } from '../inside/inside-argv.js';
import type { EnteringCommand } from '../inside/inside-command.js';
import { KeptShell } from '../processes/kept-shell.js';
import { LaunchShell } from '../processes/launch-shell.js';
import { type ProcessStat, parseProcessStat } from '../processes/process-identity.js';
import { readProcesses, selectTree } from '../processes/process-tree.js';
import type { ResolvedUser } from '../processes/user.js';
import { composeCommandScript, composeInsideScript, switchUser } from '../supervision/command-script.js';
import { keepsTerminal } from '../terminal/keeps-terminal.js';
import type { ContainerDriver, CreateRequest, Entry } from '../supervision/container-driver.js';
import { type ContainerHome, START_PIPE } from '../supervision/container-home.js';
import { SHIM_LAUNCHER_SCRIPT } from '../supervision/shim-script.js';
import { letGo } from '../supervision/start-pipe.js';

const KILL_RETRY_MS = 5;
const KILL_ATTEMPTS = 200;

/** Writes down who it is, and becomes the command. */
const WRITE_SELF =
  'if read -r stat < /proc/$$/stat; then echo "$stat"; else echo $$; fi 2> /dev/null > "$0"; exec "$@"';

export interface ProcessDriverOptions {
  readonly home: ContainerHome;
  readonly description: string;
  /** Absolute path of setpriv; without it no user can be switched to. */
  readonly setpriv?: string;
  /** Name of the agent's own user. */
  readonly ownUser: string;
  readonly searchPath: string;
}

/**
 * Plain processes: a session of their own, a sandbox, nothing else. They see and share all of the host, and their limits
 * are not enforced.
 *
 * A container's processes are told by their session and their parents. One that has made a new session and lost its
 * parent escapes.
 */
export class ProcessDriver implements ContainerDriver {
  readonly name = 'process';
  readonly mountsImages = false;
  readonly description: string;
  private readonly shell: KeptShell;

  constructor(private readonly options: ProcessDriverOptions) {
    const { home, description, searchPath } = options;
    this.description = description;
    const script: [string, ...string[]] = ['/bin/sh', home.launcherFile, home.runtimeDir];
    this.shell = new KeptShell(() => LaunchShell.start(script, { PATH: searchPath }));
  }

  async open(): Promise<void> {
    writeFileSync(this.options.home.launcherFile, SHIM_LAUNCHER_SCRIPT);
    await this.shell.open();
  }

  anticipate(): void {}

  /** Plain processes share everything anyway. */
  nest(): void {}

  async create({ config, user, contribution }: CreateRequest): Promise<number> {
    const { home } = this.options;
    const setup = { setpriv: this.setprivFor(user), init: contribution.init };
    home.write(config.id, 'enter', composeCommandScript(config, user, setup), 0o600);
    home.write(config.id, 'inside', composeInsideScript(config, user, setup.setpriv), 0o600);
    const pid = Number(await this.shell.request('create', config.id));
    if (!(pid > 0)) throw new Error(`no process could be made in ${home.folder(config.id)}`);
    home.write(config.id, 'pid', readCgroupFile(`/proc/${pid}/stat`) ?? String(pid));
    return pid;
  }

  /** @returns undefined for the agent's own user. @throws for another one when users cannot be switched */
  private setprivFor({ name }: ResolvedUser): string | undefined {
    const { ownUser, setpriv } = this.options;
    if (name === ownUser) return undefined;
    if (setpriv === undefined) throw new Error(`cannot run as ${name}: the agent runs as ${ownUser}`);
    return setpriv;
  }

  async start(id: string): Promise<void> {
    await letGo(join(this.options.home.folder(id), START_PIPE));
  }

  enter(id: string, _pid: number, command: EnteringCommand): Entry {
    const { home } = this.options;
    const { group, user } = command;
    const argv = insideArgv(home, id, command, user && switchUser(user, this.setprivFor(user)));
    if (group === undefined) return { argv, release: async () => undefined };
    // As a container has it: what is left of the command is found by its first process, by the next agent too.
    const self = join(home.create(group.id), 'self');
    return {
      argv: ['/bin/sh', '-c', WRITE_SELF, self, ...argv],
      release: async () => {
        await this.destroy(group.id);
        home.remove(group.id);
      },
    };
  }

  async signal(id: string, _pid: number, signal: NodeJS.Signals): Promise<void> {
    if (signal === 'SIGKILL') return this.destroy(id);
    const hasTerminal = this.options.home.inputOf(id) !== undefined;
    for (const target of this.targetsOf(id)) {
      if (!(hasTerminal && keepsTerminal(target))) signalQuietly(target, signal);
    }
  }

  /** Repeated: a process may fork between the reading of /proc and the signal. */
  async destroy(id: string): Promise<void> {
    for (let attempt = 0; attempt < KILL_ATTEMPTS; attempt++) {
      const targets = this.targetsOf(id);
      if (targets.length === 0) return;
      for (const target of targets) signalQuietly(target, 'SIGKILL');
      await delay(KILL_RETRY_MS);
    }
    throw new Error(`processes of ${id} survive SIGKILL`);
  }

  async release(): Promise<void> {}

  list(): string[] {
    return [];
  }

  async close(): Promise<void> {
    await this.shell.close();
  }

  /**
   * What to signal, by what was written down of the container's first process: by the agent, or if that died too early,
   * by the process itself. Without /proc that is only a number, and the process group of that number is signalled.
   */
  private targetsOf(id: string): number[] {
    const { home } = this.options;
    const text = home.read(id, 'pid') ?? home.read(id, 'self') ?? '';
    const first = parseProcessStat(text);
    return first === undefined ? groupTargets(Number.parseInt(text, 10)) : treeTargets(first, readProcesses());
  }
}

/**
 * Pids of a container's processes. If the first one's pid is taken by another process now, none is left: the kernel gives
 * a number out again only when no process has it as its session.
 */
export function treeTargets(first: ProcessStat, processes: readonly ProcessStat[]): number[] {
  const now = processes.find(({ pid }) => pid === first.pid);
  if (now !== undefined && now.startTicks !== first.startTicks) return [];
  return selectTree(first.pid, processes).map(({ pid }) => pid);
}

/** The process group of that number as a target for `kill`, if there is one. */
export function groupTargets(pid: number): number[] {
  if (!(pid > 0)) return [];
  try {
    process.kill(-pid, 0);
    return [-pid];
  } catch {
    return [];
  }
}
