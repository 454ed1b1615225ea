import { type ChildProcess, spawn } from 'node:child_process';
import { readCgroupFile } from '../cgroups/cgroup-file.js';
import { signalQuietly } from '../cgroups/cgroup-tree.js';
import { readProcesses, selectTree } from '../processes/process-tree.js';
import { keepsTerminal } from '../terminal/keeps-terminal.js';
import { resizeTerminal } from '../terminal/resize-terminal.js';
import type { InsideCommand, InsideEnd, InsideStreams } from './inside-command.js';

/** How much of what a command writes is kept. */
const MAX_OUTPUT_CHARS = 2_048;

/**
 * Starts a program that enters a container and runs a command there, and waits for its end or its time.
 *
 * @param argv of the program that enters, absolute path first
 * @param stty absolute path of the program that sets the window of the command's terminal; absent when it has none
 * @returns also when the program cannot be run: then there is no exit code, and `output` says why
 */
export function runInside(
  argv: readonly [string, ...string[]],
  { timeoutMs, signal, take: takeStreams }: Pick<InsideCommand, 'timeoutMs' | 'signal' | 'take'>,
  { searchPath, stty }: { readonly searchPath: string; readonly stty?: string | undefined },
): Promise<InsideEnd> {
  const [file, ...args] = argv;
  // A session of its own: its processes are told by it, whoever their parents are by then.
  const child = spawn(file, args, {
    detached: true,
    env: { PATH: searchPath },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { pid } = child;
  let output = '';
  let hasTimedOut = false;
  const take = (chunk: string): void => {
    output = (output + chunk).slice(-MAX_OUTPUT_CHARS);
  };
  const { stdin, stdout, stderr } = child;
  if (takeStreams === undefined) {
    stdin.on('error', () => undefined).end();
    stdout.setEncoding('utf8').on('data', take);
    stderr.setEncoding('utf8').on('data', take);
  } else {
    const signalAll = (name: NodeJS.Signals): void => signalCommand(pid, name);
    takeStreams({ stdin, stdout, stderr, signal: signalAll, ...(stty === undefined ? {} : resizing(child, stty)) });
  }
  const kill = (): void => {
    if (pid !== undefined) killTree(pid);
    // What has escaped may hold on to the pipes: nobody waits for it.
    stdout.destroy();
    stderr.destroy();
  };
  const timer = Number.isFinite(timeoutMs)
    ? setTimeout(() => {
        hasTimedOut = true;
        kill();
      }, timeoutMs)
    : undefined;
  signal?.addEventListener('abort', kill, { once: true });
  return new Promise((resolve) => {
    const end = (exitCode: number | null): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      resolve({ ...(exitCode === null || hasTimedOut ? {} : { exitCode }), hasTimedOut, output: output.trim() });
    };
    child.on('error', (error) => {
      take(error.message);
      end(null);
    });
    // Not `close`: a process that the command leaves behind in the background keeps the pipes open.
    child.on('exit', (exitCode) => {
      if (takeStreams !== undefined && pid !== undefined) killTree(pid);
      setImmediate(end, exitCode);
    });
  });
}

/** How the window of a child's terminal is set. */
function resizing(child: ChildProcess, stty: string): Pick<InsideStreams, 'resize'> {
  const { pid } = child;
  if (pid === undefined) return {};
  return {
    resize: (window) => resizeTerminal(pid, window, stty, () => child.exitCode !== null || child.signalCode !== null),
  };
}

/** Programs between the agent and the command, which a signal other than SIGKILL must not end. */
const HELPERS = /^(crun|runc|runc:.*|nsenter)$/;

function signalCommand(root: number | undefined, signal: NodeJS.Signals): void {
  if (root === undefined) return;
  for (const { pid } of selectTree(root, readProcesses())) {
    const name = readCgroupFile(`/proc/${pid}/comm`)?.trim() ?? '';
    if (!HELPERS.test(name) && !keepsTerminal(pid)) signalQuietly(pid, signal);
  }
}

/** Looks so often for what was forked meanwhile; more is done on purpose. */
const STOP_ROUNDS = 10;

/**
 * Stops all of it before any of it is killed: a process that is forked meanwhile, in the session of the command's terminal, would be
 * nobody's once its parent is gone.
 */
function killTree(root: number): void {
  const stopped = new Set<number>();
  for (let round = 0; round < STOP_ROUNDS; round++) {
    const found = selectTree(root, readProcesses()).filter(({ pid }) => !stopped.has(pid));
    if (found.length === 0) break;
    for (const { pid } of found) {
      signalQuietly(pid, 'SIGSTOP');
      stopped.add(pid);
    }
  }
  for (const pid of stopped) signalQuietly(pid, 'SIGKILL');
}
