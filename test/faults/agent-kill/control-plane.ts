import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocatorOptions, startAllocator } from '@tranche/allocator';
import { configWith } from '@tranche/config';
import { rabbitHost, type ServiceHost } from '@tranche/messaging';
import { offersOptions, startOffers } from '@tranche/offers';
import { quotaOptions, startQuota } from '@tranche/quota';
import { registryOptions, startRegistry } from '@tranche/registry';
import { silentLogger } from '@tranche/telemetry';

/** The four services of the control plane over a real RabbitMQ, as in production but in one process. */
export class ControlPlane {
  private constructor(
    /** Where schedulers find it. */
    readonly url: string,
    private readonly stops: (() => Promise<unknown>)[],
  ) {}

  static async start(brokerUrl: string): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), 'tranche-faults-'));
    const stops: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
    const host = (service: string): ServiceHost => {
      const made = rabbitHost({ service, rabbit: { url: brokerUrl }, logger: silentLogger });
      stops.push(() => made.close());
      return made;
    };
    const keep = <S extends { stop(): Promise<void> }>(service: S): S => {
      stops.push(() => service.stop());
      return service;
    };
    const publicUrl = 'http://127.0.0.1:5050';
    const common = { databaseUrl: `sqlite:${join(folder, 'db')}`, publicUrl, clusterId: randomUUID() };
    keep(await startQuota({ config: configWith(quotaOptions, common), host: host('quota') }));
    const registry = { ...common, clusterName: 'faults' };
    keep(await startRegistry({ config: configWith(registryOptions, registry), host: host('registry') }));
    const offers = keep(await startOffers({ config: configWith(offersOptions, common), host: host('offers') }));
    keep(await startAllocator({ config: configWith(allocatorOptions, { publicUrl }), host: host('allocator') }));
    await offers.app.listen({ host: '127.0.0.1', port: 0 });
    return new ControlPlane(await offers.app.getUrl(), stops);
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.toReversed()) await stop();
  }
}
