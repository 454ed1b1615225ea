import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContainerImage } from '../container.js';
import { OVERLAY, type SpecOverlay } from '../oci/runtime-spec.js';

/** Folder of the volumes in that of a container. */
const VOLUMES = 'volumes';

/** A container, and what it was made from. */
export interface ImageUse {
  readonly containerId: string;
  readonly image: string;
  /** Folders of its layers, as they were given. */
  readonly layers: readonly string[];
}

/**
 * What the containers with an image have of their own: one folder each.
 *
 * ```
 * FOLDER/CONTAINER/
 *   image             name of it
 *   0  1  … -> …      its layers, the topmost first; who removes layers sees by them what is in use
 *   upper/  work/     what it changes; overlayfs' own
 *   volumes/N/        the same of a volume that is an image
 *   rootfs/           where it is seen together, in the namespace of the container's supervisor only
 * ```
 */
export class RootFolders {
  constructor(private readonly folder: string) {}

  /**
   * @param volume number of the volume that the image is for; absent: it is the root file system
   * @throws the system's error
   */
  async make(
    id: string,
    { name: image, layers }: Pick<ContainerImage, 'name' | 'layers'>,
    volume?: number,
  ): Promise<SpecOverlay> {
    const place = volume === undefined ? join(this.folder, id) : join(this.folder, id, VOLUMES, String(volume));
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await mkdir(place, { mode: 0o700 });
    await writeFile(join(place, 'image'), image);
    for (const name of Object.values(OVERLAY)) await mkdir(join(place, name));
    // The root folder of the container has the mode of this one, whatever the mask of the agent is.
    await chmod(join(place, OVERLAY.upper), 0o755);
    for (const [index, layer] of layers.entries()) await symlink(layer, join(place, String(index)));
    // An image of nothing: overlayfs wants something below.
    if (layers.length === 0) await mkdir(join(place, '0'));
    return { place, lower: layers.length === 0 ? ['0'] : layers.map((_, index) => String(index)) };
  }

  /** Folder of what a container has changed of images; undefined for one that has none. */
  placeOf(id: string): string | undefined {
    const place = join(this.folder, id);
    return existsSync(place) ? place : undefined;
  }

  /** Idempotent. */
  async remove(id: string): Promise<void> {
    await rm(join(this.folder, id), { recursive: true, force: true });
  }

  /** Removes what containers have left that nobody knows any more. */
  async keepOnly(ids: readonly string[]): Promise<void> {
    const kept = new Set(ids);
    for (const id of await namesIn(this.folder)) if (!kept.has(id)) await this.remove(id);
  }

  /** What the containers that are there were made from. */
  async uses(): Promise<ImageUse[]> {
    const uses: ImageUse[] = [];
    for (const containerId of await namesIn(this.folder)) {
      const own = join(this.folder, containerId);
      const volumes = join(own, VOLUMES);
      for (const place of [own, ...(await namesIn(volumes)).map((name) => join(volumes, name))]) {
        const use = await usedIn(place);
        if (use !== undefined) uses.push({ containerId, ...use });
      }
    }
    return uses;
  }
}

/** Those of an agent; none where it has no folder for them. */
export const rootFoldersIn = (folder: string | undefined): { readonly rootfses?: RootFolders } =>
  folder === undefined ? {} : { rootfses: new RootFolders(folder) };

/** Undefined where no image is. */
async function usedIn(place: string): Promise<Omit<ImageUse, 'containerId'> | undefined> {
  const image = await readFile(join(place, 'image'), 'utf8').catch(() => undefined);
  if (image === undefined) return undefined;
  const names = (await namesIn(place)).filter((name) => /^\d+$/.test(name));
  const layers = await Promise.all(names.map((name) => readlink(join(place, name)).catch(() => undefined)));
  return { image, layers: layers.filter((layer) => layer !== undefined) };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
