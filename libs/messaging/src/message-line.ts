import type { AnyContract, Envelope } from '@tranche/contracts';
import type { LogFields } from '@tranche/telemetry';
import type { MessageOutcome } from './message-metrics.js';

/** Ids and names of what messages are about, as logs have them. Nothing else of a message may be in a log: tasks have secrets. */
const IDS = [
  'agentId',
  'frameworkId',
  'role',
  'offerId',
  'taskId',
  'executorId',
  'containerId',
  'operationId',
] as const;

/** Members of an item that may be the thing itself that it is about. */
const SUBJECTS = ['task', 'offer', 'operation', 'framework', 'agent', 'executor'] as const;

interface Handled {
  readonly contract: AnyContract;
  readonly envelope: Envelope;
  readonly outcome: MessageOutcome;
  readonly durationMs: number;
  /** How often it has been tried, this time included. */
  readonly tries: number;
}

/** What the line for a message that was handled says. An id stands there when all items have the same. */
export const messageLine = ({ contract, envelope, outcome, durationMs, tries }: Handled): LogFields => ({
  message: contract.pattern,
  items: envelope.items.length,
  source: envelope.source,
  outcome,
  ms: Math.round(durationMs * 10) / 10,
  ...(tries > 1 ? { tries } : {}),
  ...idsOf(envelope.items),
});

/** At which level it is written: what comes by a clock, or as a piece of something else, would be all that there is. */
export const levelOf = ({ isRoutine }: AnyContract): 'debug' | 'info' => (isRoutine === true ? 'debug' : 'info');

function idsOf([first, ...others]: readonly unknown[]): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const name of IDS) {
    const id = idIn(first, name);
    if (id !== undefined && others.every((item) => idIn(item, name) === id)) ids[name] = id;
  }
  return ids;
}

function idIn(item: unknown, name: string): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const members = item as Record<string, unknown>;
  const own = textOf(members[name]);
  if (own !== undefined) return own;
  for (const subject of SUBJECTS) {
    const of = members[subject] as Record<string, unknown> | undefined;
    const found = typeof of === 'object' ? (textOf(of?.[name]) ?? mesosIdOf(of?.[mesosName(name)])) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Documents of Mesos have `task_id: {value}`. */
const mesosName = (name: string): string => name.replace(/Id$/, '_id');
const mesosIdOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null ? textOf((value as Record<string, unknown>)['value']) : undefined;
