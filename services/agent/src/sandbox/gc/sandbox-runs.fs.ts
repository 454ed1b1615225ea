import { execFile } from 'node:child_process';
import { readdir, readFile, rm, rmdir, stat, statfs, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SYSTEM_PATH } from '../../containerizer/processes/system-path.js';
import { type AgentPaths, LATEST_RUN, type SandboxOf } from '../../paths.js';
import type { SandboxRun, SandboxRuns } from './sandbox-runs.port.js';

const run = promisify(execFile);

/** Sandboxes in the agent's work directory. */
export class FileSandboxRuns implements SandboxRuns {
  constructor(private readonly paths: AgentPaths) {}

  async list(): Promise<SandboxRun[]> {
    const runs: SandboxRun[] = [];
    for (const agentId of await foldersIn(join(this.paths.workDir, 'slaves'))) {
      const frameworks = join(this.paths.workDir, 'slaves', agentId, 'frameworks');
      for (const frameworkId of await foldersIn(frameworks)) {
        for (const executorId of await foldersIn(join(frameworks, frameworkId, 'executors'))) {
          const of = { agentId, frameworkId, executorId };
          for (const containerId of await foldersIn(this.paths.runs(of))) {
            const stats = await stat(this.paths.sandbox({ ...of, containerId })).catch(() => undefined);
            if (stats !== undefined) runs.push({ ...of, containerId, changedAtMs: stats.mtimeMs });
          }
        }
      }
    }
    return runs;
  }

  pathOf(of: SandboxOf): string {
    return this.paths.sandbox(of);
  }

  async standalone(): Promise<string[]> {
    const names = await foldersIn(this.paths.standaloneSandbox(''));
    return names.map((name) => this.paths.standaloneSandbox(name));
  }

  async touch(of: SandboxOf): Promise<void> {
    const now = new Date();
    await utimes(this.paths.sandbox(of), now, now).catch(ignoreMissing);
  }

  async usedFraction(): Promise<number> {
    const { blocks, bfree } = await statfs(this.paths.workDir);
    return blocks === 0 ? 0 : (blocks - bfree) / blocks;
  }

  async remove(of: SandboxOf): Promise<void> {
    const sandbox = this.paths.sandbox(of);
    for (const point of await mountsBelow(sandbox)) await run('umount', ['--', point], { env: { PATH: SYSTEM_PATH } });
    // The system's own keeps to the folder even if somebody exchanges parts of it for links meanwhile; a walk by paths would not.
    await run('rm', ['-rf', '--', sandbox], { env: { PATH: SYSTEM_PATH } });
    await this.removeEmpty(of);
  }

  /** The folders above a sandbox, as far as nothing but the link to the newest run is in them. */
  private async removeEmpty(of: SandboxOf): Promise<void> {
    const runs = this.paths.runs(of);
    const left = await readdir(runs);
    if (left.some((name) => name !== LATEST_RUN)) return;
    await rm(join(runs, LATEST_RUN), { force: true });
    const executor = dirname(runs);
    const framework = dirname(dirname(executor));
    for (const folder of [runs, executor, dirname(executor), framework]) {
      try {
        await rmdir(folder);
      } catch (error) {
        // Something else is in it, or was just made in it.
        if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return;
        throw error;
      }
    }
  }
}

/** Mount points in and below a folder, innermost first. */
async function mountsBelow(folder: string): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const points = table.split('\n').map((line) => unescapeOctal(line.split(' ')[4] ?? ''));
  return points.filter((point) => point === folder || point.startsWith(`${folder}/`)).toReversed();
}

const unescapeOctal = (text: string): string =>
  text.replaceAll(/\\(\d{3})/gu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    // A file in place of a folder is nobody's sandbox.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') ignoreMissing(error);
    return [];
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
