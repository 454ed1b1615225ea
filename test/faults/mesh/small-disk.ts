import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFileSync } from 'node:child_process';

const SIZE_MIB = 48;
const BLOCK = Buffer.alloc(64 << 10);
const run = promisify(execFile);

/** A tmpfs at a folder, small enough to be filled in no time. */
export class SmallDisk {
  private constructor(private readonly folder: string) {}

  /** @returns undefined where mounting is not allowed */
  static async mount(folder: string): Promise<SmallDisk | undefined> {
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MIB}m`, 'tranche-faults', folder]);
      return new SmallDisk(folder);
    } catch {
      // Not root: the run says that no disk is filled.
      return undefined;
    }
  }

  /** Leaves no byte. */
  fill(): void {
    const file = openSync(this.ballast, 'a');
    try {
      for (let block = BLOCK; block.length > 0; ) {
        try {
          writeSync(file, block);
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
          block = block.subarray(0, Math.floor(block.length / 2));
        }
      }
    } finally {
      closeSync(file);
    }
  }

  empty(): void {
    rmSync(this.ballast, { force: true });
  }

  /** Lazily: a process that is about to end may still stand in it. */
  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}
