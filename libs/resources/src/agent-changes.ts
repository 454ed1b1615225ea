import type { Conversion } from './conversions.js';
import type { ResourceJson } from './json/resource-json.js';
import { Resources } from './resources.js';

/**
 * What operations of one partition of `offers` have made of an agent's resources since it registered: `minus` of what it had then is gone,
 * `plus` is there instead. Changes of several partitions add up, in any order.
 */
export interface AgentChangeJson {
  /** Index of the partition. */
  readonly partition: number;
  /** The registration that it counts from; of another registration it says nothing. */
  readonly asOfMs: number;
  readonly minus: ResourceJson[];
  readonly plus: ResourceJson[];
}

/** An agent whose resources several partitions change. */
export interface ChangedAgentJson {
  /** All that it has, changes included. */
  readonly resources: ResourceJson[];
  /** What it had when it registered; absent: `resources`. */
  readonly registered?: ResourceJson[];
  /** The newest of each partition; of later registrations than this record, too. */
  readonly changes?: AgentChangeJson[];
  readonly registeredAtMs: number;
  readonly reregisteredAtMs?: number;
}

/** Which registration a record is of. */
export const registrationOf = (agent: Pick<ChangedAgentJson, 'registeredAtMs' | 'reregisteredAtMs'>): number =>
  agent.reregisteredAtMs ?? agent.registeredAtMs;

/** The change of one partition; an empty one when it has made none. */
export function changeOf(agent: ChangedAgentJson, partition: number): AgentChangeJson {
  const asOfMs = registrationOf(agent);
  const known = agent.changes?.find((change) => change.partition === partition && change.asOfMs === asOfMs);
  return known ?? { partition, asOfMs, minus: [], plus: [] };
}

/** The agent after a partition has said what it has changed. What is of an earlier registration is ignored. */
export function withChange<A extends ChangedAgentJson>(agent: A, change: AgentChangeJson): A {
  if (change.asOfMs < registrationOf(agent)) return agent;
  return withChanges(agent, [...others(agent.changes, change.partition), change]);
}

/** The agent after an operation of a partition. */
export function withConversion<A extends ChangedAgentJson>(
  agent: A,
  partition: number,
  { consumed, converted }: Conversion,
): A {
  const before = changeOf(agent, partition);
  const minus = Resources.fromJson(before.minus);
  const plus = Resources.fromJson(before.plus);
  // What was made since the registration is consumed before what was there, and what comes back was never gone.
  const gone = minus.plus(consumed.minus(plus));
  const made = plus.minus(consumed).plus(converted.minus(gone));
  return withChange(agent, { ...before, minus: gone.minus(converted).toJson(), plus: made.toJson() });
}

/** The agent when one partition alone has changed what it registered with to this. */
export function withTotal<A extends ChangedAgentJson>(agent: A, partition: number, total: Resources): A {
  const registered = registeredOf(agent);
  const minus = registered.minus(total).toJson();
  return withChange(agent, { ...changeOf(agent, partition), minus, plus: total.minus(registered).toJson() });
}

/** A record that was stated anew, with the changes that were heard of before and are not in it. */
export function carryingChanges<A extends ChangedAgentJson>(agent: A, known: ChangedAgentJson | undefined): A {
  const asOfMs = registrationOf(agent);
  const heard = (known?.changes ?? []).filter((change) => change.asOfMs >= asOfMs);
  if (heard.length === 0) return agent;
  const stated = (agent.changes ?? []).filter(({ partition }) => !heard.some((one) => one.partition === partition));
  return withChanges(agent, [...stated, ...heard]);
}

function withChanges<A extends ChangedAgentJson>(agent: A, changes: AgentChangeJson[]): A {
  const asOfMs = registrationOf(agent);
  const registered = registeredOf(agent);
  const counting = changes.filter((change) => change.asOfMs === asOfMs);
  // All that was made before anything that is gone: one partition's operation may have consumed what another's has made.
  const all = counting.reduce((sum, { plus }) => sum.plus(Resources.fromJson(plus)), registered);
  const left = counting.reduce((rest, { minus }) => rest.minus(Resources.fromJson(minus)), all);
  return { ...agent, registered: registered.toJson(), resources: left.toJson(), changes };
}

const registeredOf = ({ registered, resources }: ChangedAgentJson): Resources =>
  Resources.fromJson(registered ?? resources).withoutAllocationRole();

const others = (changes: readonly AgentChangeJson[] = [], partition: number): AgentChangeJson[] =>
  changes.filter((change) => change.partition !== partition);
