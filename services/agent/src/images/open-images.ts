import type { Clock, Logger, TimerClock } from '@tranche/telemetry';
import type { AgentCounters } from '../agent-counters.js';
import type { AgentConfig } from '../agent.config.js';
import type { AgentPaths } from '../paths.js';
import { splitNames } from './images.config.js';
import { Images } from './images.js';
import { PullImage } from './pull-image.js';
import { parseDockerConfig } from './reference/credentials.js';
import type { RegistryRules } from './reference/image-reference.js';
import { platformOf } from './registry/manifest.js';
import { ImageStore } from './store/image-store.fs.js';

/** The images of the agent, as its options ask for them. What a pull has left that was under way when an agent ended is removed. */
export async function openImages(
  config: AgentConfig,
  paths: AgentPaths,
  {
    clock,
    counters,
    logger,
  }: { readonly clock: TimerClock & Clock; readonly counters: AgentCounters; readonly logger: Logger },
): Promise<Images> {
  const { store, findings } = await ImageStore.open(paths.images);
  for (const finding of findings) logger.error('images are damaged', { finding });
  counters.watchImages(store);
  const { imageStallTimeoutMs: stallTimeoutMs, imagePullAttempts: attempts } = config;
  const puller = new PullImage(store, { platform: platformOf(process.arch), stallTimeoutMs, attempts, clock });
  return new Images(store, puller, {
    rules: rulesOf(config),
    credentials: parseDockerConfig(config.imageCredentials) ?? new Map(),
    clock,
    onPulled: (durationMs, ok) => counters.pulled(durationMs, ok),
  });
}

const rulesOf = ({ imageRegistry, imageInsecureRegistries }: AgentConfig): RegistryRules => ({
  defaultRegistry: imageRegistry.includes('://') ? imageRegistry : `https://${imageRegistry}`,
  insecure: splitNames(imageInsecureRegistries),
});
