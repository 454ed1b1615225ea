import { open, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDiskFull } from './replace-file.js';

/** Some thousand records: enough for what is under way to come to its end on a full disk. */
export const RESERVE_BYTES = 2 * 1024 * 1024;
/** How often it is tried to have the reserve again. */
const RETRY_MS = 1_000;

/** File of the room that a journal keeps. */
export const reserveOf = (journal: string): string => `${journal}.reserve`;

/**
 * Room on the disk that is kept for hard times: a file of zeros, removed when the disk is full, made again when there is room.
 *
 * While it is gone the disk counts as full. It comes back when there is room for as much again beside it: what was given away is not taken
 * for new room.
 */
export class DiskReserve {
  private isGone = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly path: string,
    private readonly onChange: (isFull: boolean) => void,
    private readonly sizeBytes = RESERVE_BYTES,
  ) {}

  get isUsedUp(): boolean {
    return this.isGone;
  }

  /** Makes the file if it can be made. @throws the system's error, but for a full disk */
  async fill(): Promise<void> {
    try {
      const file = await open(this.path, 'w', 0o600);
      try {
        await file.writeFile(Buffer.alloc(this.sizeBytes));
        await file.sync();
      } finally {
        await file.close();
      }
      this.become(false);
    } catch (error) {
      await rm(this.path, { force: true });
      if (!isDiskFull(error)) throw error;
      this.become(true);
    }
  }

  /** @returns whether there was room to be given away */
  async release(): Promise<boolean> {
    const had = !this.isGone;
    await rm(this.path, { force: true });
    this.become(true);
    return had;
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async refill(): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(this.path));
    if (bavail * bsize < 2 * this.sizeBytes) this.become(true);
    else await this.fill();
  }

  private become(isGone: boolean): void {
    const changed = isGone !== this.isGone;
    this.isGone = isGone;
    this.close();
    if (isGone) {
      this.timer = setTimeout(() => void this.refill().catch(() => this.become(true)), RETRY_MS);
      this.timer.unref();
    }
    if (changed) this.onChange(isGone);
  }
}
