import type { OfferView } from '@tranche/contracts';
import { formatSpan } from '../../values/duration.js';
import { type ClusterViews, recentFailures } from './summarize.js';

/** Something that somebody should look at, and the command that shows more. */
export interface Attention {
  text: string;
  command: string;
}

/** A framework that keeps offers for so long is thinking too slowly, or has stopped. */
const HOARD_MS = 60_000;

/** What is out of order, the worst first. */
export function findAttention({ agents, frameworks, offers, tasks }: ClusterViews, nowMs: number): Attention[] {
  const present = agents.filter(
    ({ state }) => state === 'active' || state === 'deactivated' || state === 'disconnected',
  );
  const unreachable = agents.filter(({ state }) => state === 'unreachable');
  const disconnected = frameworks.filter(({ state }) => state === 'disconnected');
  const failed = recentFailures(tasks, nowMs);
  return [
    ...(present.length === 0
      ? [{ text: 'no agent is there: nothing can run', command: 'tranche agent ls --all' }]
      : []),
    ...unreachable.map(({ hostname, stateSince, tasks: count }) => ({
      text: `agent ${hostname} unreachable for ${age(stateSince, nowMs)}, its ${count} tasks wait`,
      command: 'tranche agent ls',
    })),
    ...disconnected.map(({ name, failoverDeadline }) => ({
      text: `framework ${name} disconnected${failoverDeadline ? `, removed in ${formatSpan(Date.parse(failoverDeadline) - nowMs)}` : ''}`,
      command: 'tranche framework ls',
    })),
    ...hoarders(offers, nowMs),
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

function hoarders(offers: readonly OfferView[], nowMs: number): Attention[] {
  const old = offers.filter(({ madeAt }) => nowMs - Date.parse(madeAt) >= HOARD_MS);
  const byFramework = Map.groupBy(old, ({ frameworkName }) => frameworkName);
  return [...byFramework].map(([name, held]) => {
    const oldest = held.map(({ madeAt }) => madeAt).sort()[0] ?? '';
    const what = held.length === 1 ? 'an offer' : `${held.length} offers`;
    return {
      text: `${name} has held ${what} for ${age(oldest, nowMs)}`,
      command: `tranche offer ls --framework ${name}`,
    };
  });
}

function age(iso: string, nowMs: number): string {
  return formatSpan(nowMs - Date.parse(iso));
}
