import type { ImageUse } from '../../containerizer/rootfs/root-folders.js';
import { layerFolder, type StoredImage } from '../store/stored-image.js';

/** What a prune looks at. */
export interface PruneScene {
  readonly images: readonly StoredImage[];
  /** Bytes of all layers, by the names of their folders. */
  readonly layerSizes: ReadonlyMap<string, number>;
  /** What the containers that are there were made from. */
  readonly uses: readonly ImageUse[];
  /** Name of the folder of a layer, by the path that containers know it by. */
  readonly folderOf: (path: string) => string;
  /** Whether a container is being made from an image, or it is being pulled. */
  readonly isHeld: (key: string) => boolean;
  /** Whether a pull or a container that is being made needs a layer. */
  readonly isClaimed: (folder: string) => boolean;
}

export interface PruneTerms {
  /** Whether images go that nothing uses; otherwise only layers that belong to none. */
  readonly unused: boolean;
  /** Keys of images that stay in any case. */
  readonly excluded: ReadonlySet<string>;
}

/** What is to go. */
export interface PrunePlan {
  readonly images: readonly StoredImage[];
  /** Names of folders. */
  readonly layers: readonly string[];
  readonly freedBytes: number;
  /** Images that stay although nothing uses them. */
  readonly unused: number;
}

/**
 * What can be removed: images that no container is made from, and layers that no remaining image has, no container is on or is being made on and no pull needs. Pure.
 *
 * @source Mesos 1.11: PRUNE_IMAGES
 */
export function planPrune(scene: PruneScene, { unused, excluded }: PruneTerms): PrunePlan {
  const { images, layerSizes, uses, folderOf, isHeld, isClaimed } = scene;
  const used = new Set(uses.flatMap(({ layers }) => layers.map(folderOf)));
  const isUsed = ({ key, name, layers }: StoredImage): boolean =>
    isHeld(key) ||
    uses.some(({ image }) => image === name) ||
    // One whose container is there under a name of before, by the layer that only it and those upon it have.
    used.has(layerFolder(layers.at(-1)?.diffId ?? ''));
  const idle = images.filter((image) => !isUsed(image));
  const gone = unused ? idle.filter(({ key }) => !excluded.has(key)) : [];
  const kept = images.filter((image) => !gone.includes(image));
  const needed = new Set([...used, ...kept.flatMap(({ layers }) => layers.map(({ diffId }) => layerFolder(diffId)))]);
  const layers = [...layerSizes.keys()].filter((folder) => !needed.has(folder) && !isClaimed(folder));
  return {
    images: gone,
    layers,
    freedBytes: layers.reduce((sum, folder) => sum + (layerSizes.get(folder) ?? 0), 0),
    unused: idle.length - gone.length,
  };
}
