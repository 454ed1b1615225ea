import { resolve } from 'node:path';
import { readRunning } from '../processes/cluster-file.js';
import { parseFolderFlags } from './folder-flags.js';

/** Tasks get their grace, agents end, services write what waits: a minute is ample. */
const DOWN_TIMEOUT_MS = 90_000;
const LOOK_MS = 100;

/** `local down`: ends this machine's cluster as Ctrl-C does. @returns 0 it has ended, or none ran; 1 it does not end */
export async function localDown(args: readonly string[]): Promise<number> {
  const parsed = parseFolderFlags(
    'local down',
    'ends the cluster of a data folder; tasks are stopped, state is kept',
    args,
  );
  if (!parsed.ok) return parsed.exitCode;
  const { data } = parsed.flags;
  const cluster = readRunning(resolve(data));
  if (cluster === undefined) {
    process.stdout.write(`no local cluster runs with the data folder ${data}\n`);
    return 0;
  }
  process.stdout.write(`stopping ${cluster.url} (pid ${cluster.pid}); tasks are stopped, state is kept\n`);
  process.kill(cluster.pid, 'SIGTERM');
  const endMs = performance.now() + DOWN_TIMEOUT_MS;
  while (performance.now() < endMs) {
    if (!isRunning(cluster.pid)) {
      process.stdout.write('stopped\n');
      return 0;
    }
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
  process.stderr.write(
    `error: pid ${cluster.pid} has not ended within ${DOWN_TIMEOUT_MS / 1_000} s\n  at once: kill -9 ${cluster.pid}\n`,
  );
  return 1;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
