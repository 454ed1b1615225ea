import { hostname } from 'node:os';
import { DescribeServiceV1, ReadLogV1, ReadMetricsV1, ReadSettingsV1, type ServicePart } from '@tranche/contracts';
import { packageVersion, type ServiceSelf, shownDependencies } from '@tranche/http';
import type { Answering } from './serve-traces.js';
import type { ServiceHost } from '../service-host.js';

/** Who answers. */
export interface Answerer {
  readonly host: Pick<ServiceHost, 'service' | 'replica' | 'readiness' | 'metrics' | 'recent'>;
  readonly self: ServiceSelf;
  /** Its part in the work of its service, now. */
  readonly role: () => Pick<ServicePart, 'role' | 'partitions'>;
}

/** Lets a part of the mesh answer what it is, as every service, partition, replica and agent does, beside its own handlers. */
export function serveSelf(strategy: Answering, { host, self, role }: Answerer): void {
  const { service, replica } = host;
  const about = {
    ...{ service, replica, host: hostname() },
    version: packageVersion(import.meta.url),
    startedAtMs: Math.round(performance.timeOrigin),
  };
  const readiness = self.readiness ?? (async () => host.readiness());
  strategy.addHandler(
    DescribeServiceV1.pattern,
    async (): Promise<ServicePart> => ({ ...about, ...role(), ...shownDependencies(await readiness()) }),
    false,
  );
  strategy.addHandler(ReadSettingsV1.pattern, async () => ({ settings: self.settings ?? [] }), false);
  strategy.addHandler(ReadMetricsV1.pattern, async () => ({ text: await host.metrics.render() }), false);
  strategy.addHandler(ReadLogV1.pattern, async () => ({ lines: host.recent.lines }), false);
}
