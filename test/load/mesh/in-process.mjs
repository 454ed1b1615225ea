// The whole control plane and the fleet in one process, over the in-process transport and SQLite.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocatorOptions, startAllocator } from '@tranche/allocator';
import { configWith } from '@tranche/config';
import { InProcessBroker, inProcessHost } from '@tranche/messaging';
import { offersOptions, startOffers } from '@tranche/offers';
import { quotaOptions, startQuota } from '@tranche/quota';
import { registryOptions, startRegistry } from '@tranche/registry';
import { silentLogger } from '@tranche/telemetry';
import { answerParent } from './answer-parent.mjs';
import { startFleet } from './fleet.mjs';
import { sentMessages, sumOfCounts } from './sent-messages.mjs';

const folder = mkdtempSync(join(tmpdir(), 'tranche-bench-mesh-'));
const broker = new InProcessBroker();
const hosts = [];
const host = (service) => {
  hosts.push(inProcessHost({ service, broker, logger: silentLogger }));
  return hosts.at(-1);
};
const common = {
  publicUrl: 'http://127.0.0.1:5050',
  clusterId: randomUUID(),
  databaseUrl: `sqlite:${join(folder, 'tranche.db')}`,
};
const agentPingTimeoutMs = Number(process.env.REGISTRY_AGENT_PING_TIMEOUT_MS);

await startQuota({ config: configWith(quotaOptions, common), host: host('quota') });
const registry = await startRegistry({
  config: configWith(registryOptions, { ...common, agentPingTimeoutMs }),
  host: host('registry'),
});
const offers = await startOffers({ config: configWith(offersOptions, common), host: host('offers') });
await startAllocator({
  config: configWith(allocatorOptions, { publicUrl: common.publicUrl }),
  host: host('allocator'),
});
await offers.app.listen({ host: '127.0.0.1', port: 0 });
await registry.app.listen({ host: '127.0.0.1', port: 0 });

answerParent({
  urls: () => Promise.all([offers.app.getUrl(), registry.app.getUrl()]),
  start: async ({ agents, tasks }) => {
    await startFleet(agents, () => hosts[0], { tasks });
  },
  sent: async () => [
    sumOfCounts((await Promise.all(hosts.map((one) => one.metrics.render('text')))).map(sentMessages)),
  ],
});
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
