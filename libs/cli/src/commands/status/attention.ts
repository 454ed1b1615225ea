import type { AgentView, OfferView, RoleView } from '@tranche/contracts';
import { formatLongSpan, formatSpan } from '../../values/duration.js';
import type { Service } from './read-cluster.js';
import { type ClusterViews, recentFailures } from './summarize.js';

/** Something that somebody should look at, and the command that shows more. */
export interface Attention {
  text: string;
  command: string;
}

const TOLD_BY: Readonly<Record<Service, string>> = {
  registry: 'agents and their resources are not known',
  offers: 'frameworks, offers and tasks are not known',
  quota: 'limits of roles are not known',
};

/** A framework that keeps offers for so long is thinking too slowly, or has stopped. */
const HOARD_MS = 60_000;

/** What is out of order, the worst first. */
export function findAttention(
  { agents, frameworks, offers, roles, tasks }: ClusterViews,
  missing: readonly Service[],
  nowMs: number,
): Attention[] {
  const present = agents.filter(
    ({ state }) => state === 'active' || state === 'deactivated' || state === 'disconnected',
  );
  const unreachable = agents.filter(({ state }) => state === 'unreachable');
  // Who has nothing that runs loses nothing when it is removed.
  const disconnected = frameworks.filter(
    ({ state, tasks: { running, staging } }) => state === 'disconnected' && running + staging > 0,
  );
  const failed = recentFailures(tasks, nowMs);
  return [
    ...missing.map((service) => ({
      text: `${service} does not answer: ${TOLD_BY[service]}`,
      command: 'tranche doctor',
    })),
    ...(present.length === 0 && !missing.includes('registry')
      ? [{ text: 'no agent is there: nothing can run', command: 'tranche agent ls --all' }]
      : []),
    ...unreachable.map(({ hostname, stateSince, tasks: count }) => ({
      text: `agent ${hostname} unreachable for ${age(stateSince, nowMs)}, its ${count} tasks wait`,
      command: `tranche agent describe ${hostname}`,
    })),
    ...disconnected.map(({ name, failoverDeadline }) => ({
      text: `framework ${name} disconnected${failoverDeadline ? `, removed in ${formatLongSpan(Date.parse(failoverDeadline) - nowMs)}` : ''}`,
      command: `tranche framework describe ${name}`,
    })),
    ...hoarders(offers, agents, nowMs),
    ...roles.flatMap(limited),
    ...(failed.length > 0
      ? [
          {
            text: `${failed.length === 1 ? 'a task' : `${failed.length} tasks`} failed in the last hour`,
            command: 'tranche ps --state failed,error,lost,dropped',
          },
        ]
      : []),
  ];
}

function hoarders(offers: readonly OfferView[], agents: readonly AgentView[], nowMs: number): Attention[] {
  const old = offers.filter(({ madeAt }) => nowMs - Date.parse(madeAt) >= HOARD_MS);
  const byFramework = Map.groupBy(old, ({ frameworkName }) => frameworkName);
  return [...byFramework].map(([name, held]) => {
    const oldest = held.map(({ madeAt }) => madeAt).sort()[0] ?? '';
    const what = held.length === 1 ? 'an offer' : `${held.length} offers`;
    return {
      text: `${name} has held ${what} for ${age(oldest, nowMs)}${partText(held, agents)}`,
      command: `tranche offer ls --framework ${name}`,
    };
  });
}

const AMOUNTS = { cpus: 'cpus', memBytes: 'mem', diskBytes: 'disk', gpus: 'gpus' } as const;
const NAMES = ['cpus', 'memBytes', 'diskBytes', 'gpus'] as const;

/** ` (9 % of cpus)`: of the resource of which the offers hold the largest part. */
function partText(offers: readonly OfferView[], agents: readonly AgentView[]): string {
  const parts = NAMES.map((name) => {
    const total = agents.filter(({ state }) => state === 'active').reduce((sum, agent) => sum + agent.total[name], 0);
    const held = offers.reduce((sum, offer) => sum + offer.resources[name], 0);
    return { name, part: total === 0 ? 0 : held / total };
  });
  const [largest] = parts.toSorted((a, b) => b.part - a.part);
  const percent = Math.round((largest?.part ?? 0) * 100);
  return largest === undefined || percent === 0 ? '' : ` (${percent} % of ${AMOUNTS[largest.name]})`;
}

/** A role that may not have more of something. */
function limited({ name, limit, consumed }: RoleView): Attention[] {
  const full = NAMES.filter((resource) => {
    const most = limit[resource];
    return most !== undefined && most > 0 && (consumed[resource] ?? 0) >= most;
  });
  if (full.length === 0) return [];
  const what = full.map((resource) => AMOUNTS[resource]).join(' and ');
  return [{ text: `role ${name} is at its ${what} limit`, command: `tranche explain role ${name}` }];
}

function age(iso: string, nowMs: number): string {
  return formatSpan(nowMs - Date.parse(iso));
}
