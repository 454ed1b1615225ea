import type { Attribute, DomainInfo, Resource, Unavailability } from '@tranche/mesos-api';
import { type Static, Type } from 'typebox';
import { document, word } from '../document.js';

/**
 * Where an agent stands with the registry:
 * `active` takes tasks · `deactivated` keeps its tasks, gets no offers · `unreachable` has been silent for too long, may come back ·
 * `removed` has said good-bye or was replaced · `gone` was declared gone by an operator and never comes back.
 */
export const AGENT_STATES = ['active', 'deactivated', 'unreachable', 'removed', 'gone'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** What the registry knows of one agent. Times in milliseconds since the epoch. */
export const AgentRecord = Type.Object({
  agentId: Type.String(),
  hostname: Type.String(),
  ip: Type.String(),
  port: Type.Number(),
  version: Type.String(),
  state: word(AGENT_STATES),
  /** Why and since when it is in this state. */
  stateReason: Type.Optional(Type.String()),
  stateSinceMs: Type.Number(),
  /** The agent's total, v1 documents in post-refinement form. */
  resources: Type.Array(document<Resource>()),
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
