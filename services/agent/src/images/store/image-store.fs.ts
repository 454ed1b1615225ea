import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { replaceFile, syncFolder } from '../../checkpoint/replace-file.js';
import { SYSTEM_PATH } from '../../containerizer/processes/system-path.js';
import { layerFolder, type StoredImage, type StoredLayer } from './stored-image.js';

/** Folder of a layer's files in its own. */
export const FILES = 'files';

/** An image, and when a container was last made from it. */
export interface KeptImage {
  readonly image: StoredImage;
  readonly lastUsedMs: number;
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}

/**
 * Images on the agent's disk.
 *
 * ```
 * FOLDER/                         root's alone: layers bring programs with set-user-ID
 *   images/SHA256.json            an image, by the digest of its key; changed by renaming; its time is that of the last use
 *   layers/SHA256/files/          a layer, by the digest of its archive without compression
 *   layers/SHA256/size            length of that archive, bytes: about what it takes
 *   pulling/                      what is being downloaded and unpacked; emptied at each start
 *   removed/                      what is being deleted; likewise
 * ```
 *
 * A layer gets its name when all of it is on disk, an image when all its layers have theirs. So a crash at any moment leaves nothing half
 * that could be used, and an image whose layers are missing is none.
 */
export class ImageStore {
  private readonly images = new Map<string, { image: StoredImage; lastUsedMs: number }>();
  /** Sizes by the names of their folders. */
  private readonly layers = new Map<string, number>();

  /** How many need a layer that no image on disk may have, not yet or not any more, by its folder's name. */
  private readonly claims = new Map<string, number>();

  private constructor(private readonly folder: string) {}

  /** @returns the store, and what was unusable of what is there, in words for the operator */
  static async open(folder: string): Promise<{ readonly store: ImageStore; readonly findings: readonly string[] }> {
    const store = new ImageStore(folder);
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
    for (const name of ['pulling', 'removed']) await rm(join(folder, name), { recursive: true, force: true });
    for (const name of ['images', 'layers', 'pulling', 'removed']) await mkdir(join(folder, name), { recursive: true });
    for (const name of await readdir(join(folder, 'layers'))) {
      const size = Number(await readFile(join(folder, 'layers', name, 'size'), 'utf8').catch(() => 'none'));
      if (Number.isSafeInteger(size)) store.layers.set(name, size);
      else await rm(join(folder, 'layers', name), { recursive: true, force: true });
    }
    const findings: string[] = [];
    for (const name of await readdir(join(folder, 'images'))) {
      const finding = await store.read(join(folder, 'images', name));
      if (finding !== undefined) findings.push(finding);
    }
    return { store, findings };
  }

  all(): readonly KeptImage[] {
    return [...this.images.values()];
  }

  find(key: string): StoredImage | undefined {
    return this.images.get(key)?.image;
  }

  /** Sizes of all layers by the names of their folders, those of no image too: they were being pulled when an agent ended. */
  layerSizes(): ReadonlyMap<string, number> {
    return this.layers;
  }

  get bytes(): number {
    return this.layers.values().reduce((sum, bytes) => sum + bytes, 0);
  }

  layer(diffId: string): StoredLayer | undefined {
    const sizeBytes = this.layers.get(layerFolder(diffId));
    return sizeBytes === undefined ? undefined : { diffId, sizeBytes };
  }

  /** Keeps layers from being removed, those too that are still to come. @returns what lets go of them again; call it once */
  claim(diffIds: readonly string[]): () => void {
    const folders = diffIds.map(layerFolder);
    for (const folder of folders) this.claims.set(folder, (this.claims.get(folder) ?? 0) + 1);
    return () => {
      for (const folder of folders) {
        const left = (this.claims.get(folder) ?? 1) - 1;
        if (left === 0) this.claims.delete(folder);
        else this.claims.set(folder, left);
      }
    };
  }

  isClaimed(folder: string): boolean {
    return this.claims.has(folder);
  }

  /** Folder with the files of a layer, absolute. */
  pathOf(diffId: string): string {
    return join(this.folder, 'layers', layerFolder(diffId), FILES);
  }

  /** Name of the folder of a layer, by where its files are. */
  folderOf(path: string): string {
    return basename(dirname(path));
  }

  /** Makes a new folder for something that is being pulled. */
  async stage(): Promise<string> {
    const folder = join(this.folder, 'pulling', randomUUID());
    await mkdir(folder);
    return folder;
  }

  async unstage(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
  }

  /** Takes over a layer, once it is safe on disk. @param staged folder in one of `stage`, with the files in `files` */
  async addLayer({ diffId, sizeBytes }: StoredLayer, staged: string): Promise<void> {
    if (this.layers.has(layerFolder(diffId))) return;
    await writeFile(join(staged, 'size'), String(sizeBytes));
    // All files of its file system, at once: one by one takes many times as long.
    await promisify(execFile)('sync', ['--file-system', staged], { env: { PATH: SYSTEM_PATH } });
    // It may have come from two registries at the same time.
    if (!this.layers.has(layerFolder(diffId))) {
      await rename(staged, join(this.folder, 'layers', layerFolder(diffId))).catch(unlessThere);
    }
    await syncFolder(join(this.folder, 'layers'));
    this.layers.set(layerFolder(diffId), sizeBytes);
  }

  async addImage(image: StoredImage): Promise<void> {
    const file = await replaceFile(this.fileOf(image.key), Buffer.from(JSON.stringify(image)));
    await file.close();
    this.images.set(image.key, { image, lastUsedMs: image.pulledAtMs });
  }

  /** A container is made from it. */
  async used(key: string, atMs: number): Promise<void> {
    const kept = this.images.get(key);
    if (kept === undefined) return;
    kept.lastUsedMs = atMs;
    // Nothing depends on it: it is not worth an answer of the disk.
    await utimes(this.fileOf(key), new Date(atMs), new Date(atMs)).catch(() => undefined);
  }

  /** Forgets an image; its layers stay. */
  async removeImage(key: string): Promise<void> {
    this.images.delete(key);
    await rm(this.fileOf(key), { force: true });
  }

  /** @param folder name of a layer's folder that nothing uses. @returns when nobody can find it any more; it is deleted behind that */
  async removeLayer(folder: string): Promise<void> {
    this.layers.delete(folder);
    const removed = join(this.folder, 'removed', `${folder}-${randomUUID()}`);
    await rename(join(this.folder, 'layers', folder), removed);
    // What is left over goes at the next start.
    rm(removed, { recursive: true, force: true }).catch(() => undefined);
  }

  private fileOf(key: string): string {
    return join(this.folder, 'images', `${createHash('sha256').update(key).digest('hex')}.json`);
  }

  private async read(file: string): Promise<string | undefined> {
    try {
      const image = JSON.parse(await readFile(file, 'utf8')) as StoredImage;
      const missing = image.layers.find(({ diffId }) => this.layer(diffId) === undefined);
      if (missing === undefined && file === this.fileOf(image.key)) {
        this.images.set(image.key, { image, lastUsedMs: (await stat(file)).mtimeMs });
        return undefined;
      }
      await rm(file, { force: true });
      return missing === undefined
        ? `${file} is the file of another image`
        : `image ${image.name} is forgotten: its layer ${missing.diffId} is missing`;
    } catch (error) {
      await rm(file, { force: true });
      // One that was being written has no name yet that anybody looks for.
      return file.endsWith('.new') ? undefined : `${file}: ${(error as Error).message}`;
    }
  }
}
