import type { Attribute, Offer, Resource } from '@tranche/mesos-api';
import type { AgentView } from '@tranche/contracts';
import { takeResources } from '@tranche/scheduler';
import { type Attributes, violated } from './constraints.js';
import type { RunPlan } from './run-plan.js';

/** Free resources of one agent: an offer, or what the cluster says of the agent. */
export interface Candidate {
  agentId: string;
  hostname: string;
  attributes: Attributes;
  resources: readonly Resource[];
}

/** What an instance was given. */
export interface Spot {
  index: number;
  resources: Resource[];
}

export function candidateOfOffer({ agent_id, hostname, attributes = [], resources = [] }: Offer): Candidate {
  const pairs = attributes.flatMap((attribute): [string, string | number][] => {
    const value = attributeValue(attribute);
    return value === undefined ? [] : [[attribute.name, value]];
  });
  return {
    agentId: agent_id.value,
    hostname,
    attributes: { hostname, ...Object.fromEntries(pairs) },
    resources,
  };
}

/** What an agent has left, whoever may be offered it. */
export function candidateOfAgent({ id, hostname, attributes, total, used }: AgentView): Candidate {
  const scalar = (name: string, value: number): Resource => ({
    name,
    type: 'SCALAR',
    scalar: { value: Math.max(0, value) },
  });
  const mb = (bytes: number): number => bytes / 2 ** 20;
  return {
    agentId: id,
    hostname,
    attributes: { hostname, ...attributes },
    resources: [
      scalar('cpus', total.cpus - used.cpus),
      scalar('mem', mb(total.memBytes - used.memBytes)),
      scalar('disk', mb(total.diskBytes - used.diskBytes)),
      scalar('gpus', total.gpus - used.gpus),
      { name: 'ports', type: 'RANGES', ranges: { range: withoutPorts(total.ports, used.ports) } },
    ],
  };
}

/**
 * Puts instances on one agent, as many as fit and the constraints allow.
 *
 * @param waiting indices of instances without a place
 * @param taken   attributes of the agents of all other instances
 */
export function placeOn(
  candidate: Candidate,
  waiting: readonly number[],
  plan: RunPlan,
  taken: readonly Attributes[],
): Spot[] {
  const spots: Spot[] = [];
  let left = candidate.resources;
  for (const index of waiting) {
    const others = [...taken, ...spots.map(() => candidate.attributes)];
    if (violated(plan.constraints, candidate.attributes, others).length > 0) break;
    const cut = takeResources(left, plan.needs);
    if (!cut.ok) break;
    spots.push({ index, resources: cut.taken });
    left = cut.left;
  }
  return spots;
}

function attributeValue({ scalar, text, ranges, set }: Attribute): string | number | undefined {
  if (scalar) return Number(scalar.value);
  if (ranges) return `[${(ranges.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(',')}]`;
  return text?.value ?? (set && `{${(set.item ?? []).join(',')}}`);
}

type PortRange = { begin: number; end: number };

function withoutPorts(total: readonly PortRange[], used: readonly PortRange[]): PortRange[] {
  let free = [...total];
  for (const hole of used) {
    free = free.flatMap(({ begin, end }) =>
      hole.end < begin || hole.begin > end
        ? [{ begin, end }]
        : [
            { begin, end: hole.begin - 1 },
            { begin: hole.end + 1, end },
          ].filter((range) => range.begin <= range.end),
    );
  }
  return free;
}
