import { randomUUID } from 'node:crypto';
import { allocatorOptions, startAllocator } from '@tranche/allocator';
import { configWith } from '@tranche/config';
import type { RunningService } from '@tranche/http';
import { inProcessHost, type ServiceHost } from '@tranche/messaging';
import { offersOptions, startOffers } from '@tranche/offers';
import { quotaOptions, startQuota } from '@tranche/quota';
import { registryOptions, startRegistry } from '@tranche/registry';
import { silentLogger } from '@tranche/telemetry';
import { startFleet } from '../../load/mesh/fleet.mjs';
import type { Random } from '../fuzz/random.mjs';
import { LateBroker } from './late-broker.js';

/** What happens to tasks on the emulated agents. */
export interface TaskPlay {
  launched(taskId: string): void;
  /** Resolves when the task shall end. */
  end(taskId: string): Promise<void>;
  /** It has ended; nobody has been told yet. */
  ended(taskId: string): void;
}

const AGENTS = 8;
const AGENT = { cpusMilli: 4_000, memMb: 4_096 };
const scalar = (name: string, value: number) => ({ name, type: 'SCALAR', scalar: { value } });

/** The cluster's totals, thousandths. */
export const TOTAL = { cpus: AGENTS * AGENT.cpusMilli, mem: AGENTS * AGENT.memMb * 1_000 };

/** So that a short run sees many cycles, and what a framework declines comes back soon. */
const RUN_INTERVAL_MS = 200;
const MAX_DELAY_MS = 20;

/** The real services in this process over a slow broker, and agents without machines. */
export class LimitsCluster {
  private constructor(
    private readonly services: readonly RunningService[],
    private readonly fleet: { stop(): void },
    readonly urls: { readonly offers: string; readonly registry: string; readonly quota: string },
  ) {}

  static async start(random: Random, play: TaskPlay): Promise<LimitsCluster> {
    const broker = new LateBroker(random, MAX_DELAY_MS);
    const host = (service: string): ServiceHost => inProcessHost({ service, broker, logger: silentLogger });
    const publicUrl = 'http://127.0.0.1:5050';
    const common = { publicUrl, clusterId: randomUUID(), databaseUrl: 'sqlite::memory:' };
    const quota = await startQuota({ config: configWith(quotaOptions, common), host: host('quota') });
    const registry = await startRegistry({ config: configWith(registryOptions, common), host: host('registry') });
    const offers = await startOffers({ config: configWith(offersOptions, common), host: host('offers') });
    const settings = { publicUrl, runIntervalMs: RUN_INTERVAL_MS };
    const allocator = await startAllocator({
      config: configWith(allocatorOptions, settings),
      host: host('allocator'),
    });
    for (const { app } of [quota, registry, offers]) await app.listen(0, '127.0.0.1');
    const [quotaUrl, registryUrl, offersUrl] = await Promise.all(
      [quota, registry, offers].map(({ app }) => app.getUrl()),
    );
    const agents = host('agent');
    const resources = [scalar('cpus', AGENT.cpusMilli / 1_000), scalar('mem', AGENT.memMb)];
    const fleet = await startFleet(AGENTS, () => agents, { resources, play });
    const urls = { offers: offersUrl as string, registry: registryUrl as string, quota: quotaUrl as string };
    return new LimitsCluster([allocator, offers, registry, quota], fleet, urls);
  }

  async stop(): Promise<void> {
    this.fleet.stop();
    for (const service of this.services) await service.stop();
  }
}
