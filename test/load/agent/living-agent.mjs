import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('agent-process.mjs', import.meta.url));
/** What the kernel counts CPU time of processes in, a second. */
const TICKS = 100;

/** An agent in a process of its own that is told what to do, can be killed, and is measured from outside. */
export class LivingAgent {
  #folder = mkdtempSync(join(tmpdir(), 'tranche-bench-agent-'));
  #cgroups = `tranche-bench-${process.pid}`;
  #child;
  #execArgv;
  /** Settles with what to say of a process that ends by itself. */
  #ended;

  /** @param {string[]} execArgv flags of Node for it */
  constructor(execArgv = []) {
    this.#execArgv = execArgv;
  }

  /** @returns what it says of itself, and the milliseconds until it was registered */
  async start() {
    const begin = performance.now();
    const env = {
      ...process.env,
      HTTP_PORT: '0',
      AGENT_WORK_DIR: this.#folder,
      AGENT_CGROUPS_ROOT: this.#cgroups,
      AGENT_RESOURCES: 'cpus:64;mem:131072;disk:65536',
    };
    this.#child = fork(SCRIPT, [], { env, execArgv: this.#execArgv });
    this.#ended = once(this.#child, 'exit').then(([status]) => ({
      failed: 'agent',
      error: `it ended with ${status}`,
    }));
    const said = await this.#answer();
    if (said.failed !== undefined) throw new Error(said.error);
    return { ...said, ms: performance.now() - begin };
  }

  /** @returns milliseconds that it took, as the agent's process counts them */
  async tell(act, how = {}) {
    this.#child.send({ act, ...how });
    const { ms, failed, error } = await this.#answer();
    if (failed !== undefined) throw new Error(`${failed}: ${error}`);
    return ms;
  }

  async kill() {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  /** Ends its tasks, and it. @returns milliseconds */
  async stop() {
    const gone = once(this.#child, 'exit');
    const ms = await this.tell('stop');
    await gone;
    return ms;
  }

  /** Seconds of CPU that it and its helpers have used. */
  cpuSeconds() {
    const { pid } = this.#child;
    return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + secondsOf(one), 0);
  }

  /** MiB of memory: the agent's own, and that of all other processes that its containers need, shared pages by share. */
  memory() {
    const { pid } = this.#child;
    const others = this.containerProcesses();
    return { agent: rssOf(pid) / 1024, others: others.reduce((sum, one) => sum + pssOf(one), 0) / 1024 };
  }

  /** Pids of the containers' processes and of those that watch over them. */
  containerProcesses() {
    const inside = new Set(processesBelow(this.#cgroupFolder()));
    const supervisors = pids().filter(
      (pid) => commandOf(pid).includes('conmon') && childrenOf(pid).some((child) => inside.has(child)),
    );
    return [...inside, ...supervisors];
  }

  /** Leaves nothing of it, whatever happened. */
  close() {
    if (this.#child?.exitCode === null) this.#child.kill('SIGKILL');
    for (const pid of processesBelow(this.#cgroupFolder())) tryTo(() => process.kill(pid, 'SIGKILL'));
    rmSync(this.#folder, { recursive: true, force: true });
    for (const hierarchy of readdirSync('/sys/fs/cgroup'))
      for (const name of [this.#cgroups, `${this.#cgroups}.crun`]) removeTree(join('/sys/fs/cgroup', hierarchy, name));
  }

  #cgroupFolder() {
    const memory = join('/sys/fs/cgroup/memory', this.#cgroups);
    return namesIn(memory).length > 0 ? memory : join('/sys/fs/cgroup', this.#cgroups);
  }

  async #answer() {
    const heard = once(this.#child, 'message').then(([message]) => message);
    return Promise.race([heard, this.#ended]);
  }
}

const text = (file) => tryTo(() => readFileSync(file, 'utf8')) ?? '';
const pids = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
const commandOf = (pid) => text(`/proc/${pid}/cmdline`).split('\0', 1)[0] ?? '';
const childrenOf = (pid) => text(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
const namesIn = (folder) => tryTo(() => readdirSync(folder, { withFileTypes: true })) ?? [];
const foldersIn = (folder) =>
  namesIn(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));

function processesBelow(folder) {
  const own = text(join(folder, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
  return [...own, ...foldersIn(folder).flatMap(processesBelow)];
}

function removeTree(folder) {
  for (const child of foldersIn(folder)) removeTree(child);
  tryTo(() => rmdirSync(folder));
}

/** Fields 14 and 15 of /proc/PID/stat. */
function secondsOf(pid) {
  const stat = text(`/proc/${pid}/stat`);
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / TICKS;
}

const rssOf = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(text(`/proc/${pid}/status`))?.[1] ?? 0);
const pssOf = (pid) => Number(/^Pss:\s+(\d+)/m.exec(text(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);

function tryTo(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
