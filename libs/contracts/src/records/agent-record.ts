import type { Attribute, DomainInfo, Resource, Unavailability } from '@tranche/mesos-api';
import { type Static, Type } from 'typebox';
import { document, word } from '../document.js';

/**
 * Where an agent stands with the registry:
 * `active` takes tasks · `deactivated` keeps its tasks, gets no offers · `disconnected` has been silent for a few heartbeats: no offers,
 * its tasks are waited for · `unreachable` has been silent for too long, may come back · `removed` has said good-bye or was replaced ·
 * `gone` was declared gone by an operator and never comes back.
 */
export const AGENT_STATES = ['active', 'deactivated', 'disconnected', 'unreachable', 'removed', 'gone'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

const PRESENT: readonly AgentState[] = ['active', 'deactivated', 'disconnected'];

/** Whether the agent belongs to the cluster now, be it that nothing is offered of it: its resources count, its tasks are its own. */
export const isPresentState = (state: AgentState): boolean => PRESENT.includes(state);

/** How far an agent is that an operator wants empty: `draining` ends its tasks · `drained` has none and awaits what comes next. */
export const DRAIN_STATES = ['draining', 'drained'] as const;
export type DrainState = (typeof DRAIN_STATES)[number];

/** What an operator asked of an agent to be drained. */
export const DrainRecord = Type.Object({
  state: word(DRAIN_STATES),
  /** Longest time from SIGTERM to SIGKILL; absent: what each task allows itself. */
  maxGraceMs: Type.Optional(Type.Number()),
  /** Declared gone when it is empty. */
  markGone: Type.Boolean(),
  /** Milliseconds since the epoch. */
  startedAtMs: Type.Number(),
  /** Tasks that lived there when it began; absent when a version before this one began it. */
  tasks: Type.Optional(Type.Integer()),
  /** When it was empty; milliseconds since the epoch. */
  endedAtMs: Type.Optional(Type.Number()),
});
export type DrainRecord = Static<typeof DrainRecord>;

/**
 * What operations of one partition of `offers` have made of an agent's resources since it registered: `minus` is gone, `plus` is there
 * instead. Changes of several partitions add up. v1 documents, post-refinement, without `allocation_info`.
 */
export const AgentChange = Type.Object({
  /** Index of the partition. */
  partition: Type.Integer(),
  /** The registration that it counts from: `reregisteredAtMs` of the agent's record, else `registeredAtMs`. */
  asOfMs: Type.Number(),
  minus: Type.Array(document<Resource>()),
  plus: Type.Array(document<Resource>()),
});
export type AgentChange = Static<typeof AgentChange>;

/** What the registry knows of one agent. Times in milliseconds since the epoch. */
export const AgentRecord = Type.Object({
  agentId: Type.String(),
  hostname: Type.String(),
  ip: Type.String(),
  port: Type.Number(),
  /** How its HTTP API is spoken to there; absent: http. */
  scheme: Type.Optional(word(['http', 'https'])),
  version: Type.String(),
  state: word(AGENT_STATES),
  /** Why and since when it is in this state. */
  stateReason: Type.Optional(Type.String()),
  stateSinceMs: Type.Number(),
  /** An operator took it out of offering; holds while it is away, too. */
  isDeactivated: Type.Optional(Type.Boolean()),
  /** Present from the order to drain until it is activated again. */
  drain: Type.Optional(DrainRecord),
  /** The agent's total, v1 documents in post-refinement form. */
  resources: Type.Array(document<Resource>()),
  /** Where `offers` is cut: what it had when it registered, when operations have changed that; `resources` is with them. */
  registered: Type.Optional(Type.Array(document<Resource>())),
  /** Where `offers` is cut: what each partition has changed. */
  changes: Type.Optional(Type.Array(AgentChange)),
  attributes: Type.Array(document<Attribute>()),
  domain: Type.Optional(document<DomainInfo>()),
  /** Names of agent capabilities, `MULTI_ROLE` … */
  capabilities: Type.Array(Type.String()),
  /** When its machine is taken out of service, by the maintenance schedule; absent without a window. */
  unavailability: Type.Optional(document<Unavailability>()),
  registeredAtMs: Type.Number(),
  reregisteredAtMs: Type.Optional(Type.Number()),
});
export type AgentRecord = Static<typeof AgentRecord>;

/** `slave(1)@ip:port`: how Mesos clients address an agent. */
export const agentPid = (agent: Pick<AgentRecord, 'ip' | 'port'>): string => `slave(1)@${agent.ip}:${agent.port}`;
