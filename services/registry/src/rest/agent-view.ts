import { type AgentView, type DrainRecord, type ResourceAmounts, resourceAmounts } from '@tranche/contracts';
import { type Attribute, isTerminalState, rangesText } from '@tranche/mesos-api';
import { excess, type Resources } from '@tranche/resources';
import { statedRecord, type KnownAgent } from '../agents/known-agent.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { AgentEntry } from '../model/agent-entry.js';

/** An agent as `/v1/agents` shows it. */
export function agentView(agent: AgentEntry, known: KnownAgent): AgentView {
  const record = statedRecord(known);
  const { region, zone } = record.domain?.fault_domain ?? {};
  return {
    id: record.agentId,
    hostname: record.hostname,
    address: `${record.ip}:${record.port}`,
    version: record.version,
    state: record.state,
    ...(record.stateReason === undefined ? {} : { stateReason: record.stateReason }),
    stateSince: isoTime(record.stateSinceMs),
    attributes: Object.fromEntries(record.attributes.map((attribute) => [attribute.name, attributeValue(attribute)])),
    ...(region === undefined ? {} : { region: region.name }),
    ...(zone === undefined ? {} : { zone: zone.name }),
    total: amountsOf(agent.total),
    used: amountsOf(agent.used.resources),
    ...pendingView(excess(agent.used.resources, agent.total)),
    offered: amountsOf(agent.offered.resources),
    tasks: liveTasks(agent),
    ...drainView(record.drain),
    registeredAt: isoTime(record.registeredAtMs),
    ...(record.reregisteredAtMs === undefined ? {} : { reregisteredAt: isoTime(record.reregisteredAtMs) }),
  };
}

function drainView(drain: DrainRecord | undefined): Pick<AgentView, 'drain'> {
  if (drain === undefined) return {};
  const { startedAtMs, state, markGone, maxGraceMs, tasks } = drain;
  const grace = maxGraceMs === undefined ? {} : { maxGraceMs };
  const counted = tasks === undefined ? {} : { tasksAtStart: tasks };
  return { drain: { state, markGone, ...grace, startedAt: isoTime(startedAtMs), ...counted } };
}

const pendingView = (beyond: Resources): Pick<AgentView, 'pending'> =>
  beyond.isEmpty ? {} : { pending: amountsOf(beyond) };

const amountsOf = (resources: Resources): ResourceAmounts =>
  resourceAmounts((name) => resources.scalarMilli(name), resources.ranges('ports'));

export const isoTime = (ms: number): string => new Date(ms).toISOString();

export function attributeValue({ scalar, ranges, set, text }: Attribute): string | number {
  if (scalar !== undefined) return Number(scalar.value);
  if (ranges !== undefined) return rangesText(ranges.range ?? []);
  return set === undefined ? (text?.value ?? '') : `{${(set.item ?? []).join(', ')}}`;
}

export function liveTasks({ tally }: AgentEntry): number {
  let sum = 0;
  for (const [state, count] of tally.entries()) if (!isTerminalState(state)) sum += count;
  return sum;
}

/** Tasks that live on an agent, as far as it is known. */
export function liveTasksOn({ agents }: Pick<ClusterModel, 'agents'>, agentId: string): number {
  const agent = agents.get(agentId);
  return agent === undefined ? 0 : liveTasks(agent);
}
