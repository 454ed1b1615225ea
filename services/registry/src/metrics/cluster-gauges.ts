import { AGENT_STATES, DRAIN_STATES } from '@tranche/contracts';
import { baseUnitOf, inBaseUnits } from '@tranche/resources';
import type { Metrics } from '@tranche/telemetry';
import { isRegistered } from '../agents/known-agent.js';
import type { ClusterModel } from '../model/cluster-model.js';

const RESOURCES = ['cpus', 'gpus', 'mem', 'disk'] as const;

/** Prometheus' view of the cluster, read from the model when it is scraped. */
export function exposeCluster(metrics: Metrics, model: ClusterModel): void {
  const agents = metrics.gauge('tranche_agents', 'Agents that the registry knows', ['state'], () => {
    const counts = new Map<string, number>(AGENT_STATES.map((state) => [state, 0]));
    for (const { known } of model.agents.known()) {
      const state = known.isRecovered ? 'recovered' : known.record.state;
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    for (const [state, count] of counts) agents.set({ state }, count);
  });
  const drains = metrics.gauge('tranche_agent_drains', 'Agents that an operator wants empty', ['state'], () => {
    const counts = new Map<string, number>(DRAIN_STATES.map((state) => [state, 0]));
    for (const { known } of model.agents.known()) {
      const state = known.record.drain?.state;
      if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    for (const [state, count] of counts) drains.set({ state }, count);
  });
  const resources = metrics.gauge(
    'tranche_cluster_resources',
    'Resources of registered agents: all, what of them is in use, offered or neither (idle), and what is reserved, whichever it is',
    ['resource', 'unit', 'kind'],
    () => {
      for (const resource of RESOURCES) {
        for (const [kind, milli] of Object.entries(sumOf(model, resource))) {
          resources.set({ resource, unit: baseUnitOf(resource), kind }, inBaseUnits(resource, milli));
        }
      }
    },
  );
}

/** Who reads the operator API's events. */
export function exposeSubscribers(metrics: Metrics, streams: { readonly size: number }): void {
  const gauge: { set(labels: object, value: number): void } = metrics.gauge(
    'tranche_operator_subscribers',
    'Open event streams of the operator API',
    [],
    () => gauge.set({}, streams.size),
  );
}

function sumOf(
  model: ClusterModel,
  name: string,
): Readonly<Record<'total' | 'used' | 'offered' | 'reserved' | 'idle', number>> {
  const sums = { total: 0, used: 0, offered: 0, reserved: 0 };
  for (const { known, total, used, offered } of model.agents.known()) {
    if (!isRegistered(known)) continue;
    sums.total += total.scalarMilli(name);
    sums.reserved += total.reserved().scalarMilli(name);
    sums.used += used.resources.scalarMilli(name);
    sums.offered += offered.resources.scalarMilli(name);
  }
  return { ...sums, idle: Math.max(0, sums.total - sums.used - sums.offered) };
}
