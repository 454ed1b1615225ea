import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Resource } from '@tranche/resources';
import { volumePlace } from './volume-place.js';
import { VolumeOccupiedError, type VolumeStore } from './volume-store.port.js';

/** The way to the volumes may be walked by every user that runs tasks. */
const FOLDER_MODE = 0o755;

/** Volumes on the agent's disks. What is made, moved or deleted is on disk when a call returns. */
export class FileVolumeStore implements VolumeStore {
  constructor(private readonly workDir: string) {}

  async create(volume: Resource): Promise<void> {
    const { path } = volumePlace(this.workDir, volume);
    await this.ensure(volume);
    if ((await readdir(path)).length > 0) throw new VolumeOccupiedError(path);
  }

  async undo(volume: Resource): Promise<void> {
    const { path, trash } = volumePlace(this.workDir, volume);
    if (trash !== undefined) await rmdir(path).catch(() => undefined);
  }

  async ensure(volume: Resource): Promise<void> {
    const { path, trash } = volumePlace(this.workDir, volume);
    // A mounted disk that is not mounted must not become a folder of the disk below it.
    if (trash === undefined) return void (await readdir(path));
    const made = await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    if (made !== undefined) await syncUpTo(path, dirname(made));
  }

  async putAside(volume: Resource, trashName: string): Promise<void> {
    const { path, trash } = volumePlace(this.workDir, volume, trashName);
    if (trash === undefined) return;
    await mkdir(dirname(trash), { recursive: true, mode: 0o700 });
    try {
      await rename(path, trash);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    await syncFolder(dirname(trash));
    await syncFolder(dirname(path));
  }

  async delete(volume: Resource, trashName: string): Promise<void> {
    const { path, trash } = volumePlace(this.workDir, volume, trashName);
    if (trash !== undefined) return rm(trash, { recursive: true, force: true });
    for (const entry of await readdir(path)) await rm(join(path, entry), { recursive: true, force: true });
  }
}

/** Every folder from the innermost to `top`: each of them has a new entry. */
async function syncUpTo(path: string, top: string): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === top || folder === dirname(folder)) return;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
