import { statfs } from 'node:fs/promises';
import type { AgentIngredients } from './compose-agent.js';
import { RootFolders } from './containerizer/rootfs/root-folders.js';
import { ImageList } from './http/image-list.js';
import { splitNames } from './images/images.config.js';
import { CollectImages } from './images/prune/collect-images.js';
import { PruneImages } from './images/prune/prune-images.js';

/** Joins what shows images, and what removes them. */
export function composeImages({ config, paths, images, state, self, clock, host }: AgentIngredients) {
  const { logger } = host;
  const rootfses = new RootFolders(paths.rootfses);
  const uses = () => rootfses.uses();
  const { imageGcHeadroomPercent, imageGcIntervalMs: intervalMs, imageGcExcluded } = config;
  const pruner = new PruneImages(images, uses, { excluded: splitNames(imageGcExcluded), logger });
  const options = { headroom: imageGcHeadroomPercent / 100, intervalMs };
  return {
    images: new ImageList(() => ({ agentId: state.agentId ?? '', agentHostname: self.hostname }), images, uses, pruner),
    imageCollector: new CollectImages(pruner, () => usedFraction(paths.images), options, clock, logger),
  };
}

async function usedFraction(folder: string): Promise<number> {
  const { blocks, bfree } = await statfs(folder);
  return blocks === 0 ? 0 : (blocks - bfree) / blocks;
}
