import type { AgentPruneView, ImageView } from '@tranche/contracts';
import type { ImageUse } from '../containerizer/rootfs/root-folders.js';
import type { Images } from '../images/images.js';
import type { PruneImages, PruneRequest } from '../images/prune/prune-images.js';
import type { KeptImage } from '../images/store/image-store.fs.js';

/** Images of the agent as REST shows them. */
export class ImageList {
  constructor(
    private readonly agent: () => { readonly agentId: string; readonly agentHostname: string },
    private readonly images: Pick<Images, 'store'>,
    private readonly uses: () => Promise<readonly ImageUse[]>,
    private readonly pruner: Pick<PruneImages, 'prune'>,
  ) {}

  async views(): Promise<ImageView[]> {
    const uses = await this.uses();
    return this.images.store.all().map((kept) => this.view(kept, uses));
  }

  /** @throws ImageError bad-reference */
  async prune(request: PruneRequest): Promise<AgentPruneView> {
    const { images, layers, ...rest } = await this.pruner.prune(request);
    return { ...this.agent(), images: images.map(({ name }) => name), layers: layers.length, ...rest };
  }

  private view({ image, lastUsedMs }: KeptImage, uses: readonly ImageUse[]): ImageView {
    const { name, digest, layers, pulledAtMs } = image;
    return {
      ...{ name, ...this.agent(), digest },
      sizeBytes: layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      layers: layers.length,
      containers: uses.filter((use) => use.image === name).length,
      pulledAt: new Date(pulledAtMs).toISOString(),
      lastUsedAt: new Date(lastUsedMs).toISOString(),
    };
  }
}
