import type { Logger } from '@tranche/telemetry';
import type { ImageUse } from '../../containerizer/rootfs/root-folders.js';
import type { Images } from '../images.js';
import { type PrunePlan, planPrune } from './plan-prune.js';

/** What is removed when somebody asks. */
export interface PruneRequest {
  /** Whether images go that nothing uses; otherwise only layers that belong to none. */
  readonly unused: boolean;
  /** Names of images that stay in any case, beside those that the agent's options name. */
  readonly excluded?: readonly string[];
  /** Only says what would go. */
  readonly isDry?: boolean;
}

/** Removes images from the agent's disk. */
export class PruneImages {
  constructor(
    private readonly images: Images,
    /** What the containers that are there were made from. */
    private readonly uses: () => Promise<readonly ImageUse[]>,
    private readonly options: { readonly excluded: readonly string[]; readonly logger: Logger },
  ) {}

  /**
   * Nobody gets an image meanwhile: it could be on its way out.
   *
   * @returns what has gone, or would. @throws ImageError bad-reference for a name of one to be kept that is none
   */
  async prune({ unused, excluded = [], isDry = false }: PruneRequest): Promise<PrunePlan> {
    const { images } = this;
    const names = [...this.options.excluded, ...excluded];
    const kept = new Set(names.map((name) => images.reference(name).key));
    return images.exclusively(async (isHeld) => {
      const { store } = images;
      const uses = await this.uses();
      const plan = planPrune(
        {
          images: store.all().map(({ image }) => image),
          layerSizes: store.layerSizes(),
          ...{ uses, isHeld, folderOf: (path) => store.folderOf(path) },
          isClaimed: (folder) => store.isClaimed(folder),
        },
        { unused, excluded: kept },
      );
      if (!isDry) await this.carryOut(plan);
      return plan;
    });
  }

  private async carryOut({ images, layers, freedBytes }: PrunePlan): Promise<void> {
    const { store } = this.images;
    for (const { key } of images) await store.removeImage(key);
    // A pull that has come to know of its layers since needs them: they stay.
    for (const folder of layers) if (!store.isClaimed(folder)) await store.removeLayer(folder);
    if (images.length + layers.length === 0) return;
    this.options.logger.info('images pruned', {
      images: images.map(({ name }) => name),
      layers: layers.length,
      freedBytes,
    });
  }
}
