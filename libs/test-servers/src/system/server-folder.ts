import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Waits until its input closes, which the end of our process does whatever ended it; then ends the processes named in a file. */
const KEEPER = `cat >/dev/null; while read -r pid; do kill -KILL "$pid" 2>/dev/null; done <"$1/pids"; rm -rf "$1"`;

/**
 * A temporary folder with the processes that live in it: all are gone when `remove` returns, and also when our own process is killed.
 */
export class ServerFolder {
  readonly path: string;
  private readonly children: ChildProcess[] = [];
  private readonly keeper: ChildProcess;

  constructor(name: string) {
    this.path = mkdtempSync(join(tmpdir(), `tranche-${name}-`));
    // Created at once: the keeper must find it even if no process was ever started.
    writePids(this.path, []);
    this.keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', this.path], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.keeper.unref();
    (this.keeper.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  }

  /** Starts a process whose life is bound to the folder. It runs in a session of its own: Ctrl-C on a terminal is for us to handle. */
  start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(program, args, { env, cwd: this.path, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.children.push(child);
    writePids(
      this.path,
      this.children.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    );
    return child;
  }

  /** Kills the processes, the newest first, and removes the folder. */
  async remove(): Promise<void> {
    for (const child of [...this.children].reverse()) await end(child);
    writePids(this.path, []);
    // Who waits for its end is kept alive until then.
    this.keeper.ref();
    const gone = new Promise((resolve) => this.keeper.once('exit', resolve));
    this.keeper.stdin?.end();
    await gone;
    rmSync(this.path, { recursive: true, force: true });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Its data goes with it: nothing is gained by an end in good order, which takes a broker seconds.
  child.kill('SIGKILL');
  await ended;
}

const writePids = (folder: string, pids: readonly number[]): void =>
  writeFileSync(join(folder, 'pids'), pids.map((pid) => `${pid}\n`).join(''));
