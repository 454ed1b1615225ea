import type { Attribute, DomainInfo, Resource } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { query, type RequestOf, type ResponseOf } from '../contract.js';
import { document, word } from '../document.js';
import { FactNumbers } from '../records/fact-numbers.js';
import { OperationReport } from '../records/operation-record.js';
import { ExecutorReport, FrameworkReport, TaskReport } from '../records/task-report.js';

/**
 * An agent asks to be admitted, with its truth: what it has and what runs on it.
 *
 * Asked by the agent at its start and when told to; repeated with back-off until answered. A repetition is answered alike.
 */
export const RegisterAgentV1 = query({
  name: 'register-agent',
  version: 1,
  owner: 'registry',
  request: Type.Object({
    /** Its id from before, if it has one. */
    agentId: Type.Optional(Type.String()),
    hostname: Type.String(),
    ip: Type.String(),
    port: Type.Integer(),
    /** How its HTTP API is spoken to there; absent: http. */
    scheme: Type.Optional(word(['http', 'https'])),
    version: Type.String(),
    /** Its total as it is now: with the reservations and volumes that it has checkpointed, without `allocation_info`. */
    resources: Type.Array(document<Resource>()),
    attributes: Type.Array(document<Attribute>()),
    domain: Type.Optional(document<DomainInfo>()),
    capabilities: Type.Array(Type.String()),
    tasks: Type.Array(TaskReport),
    frameworks: Type.Array(FrameworkReport),
    /** Absent: none but those of command tasks. */
    executors: Type.Optional(Type.Array(ExecutorReport)),
    /** Operations that are pending there, or whose last status is not acknowledged; absent: none. */
    operations: Type.Optional(Type.Array(OperationReport)),
    /** How far the agent had counted its messages when it told this: what it has sent since is newer. Absent: an agent of an older version. */
    sent: Type.Optional(FactNumbers),
    /**
     * Lives of services that have asked the agent to register, the newest of each queue. What these and those before them had sent it was handled before
     * their question was, and is in this. Absent: an agent of an older version.
     */
    asked: Type.Optional(Type.Array(Type.String())),
  }),
  response: Type.Union([
    Type.Object({
      ok: Type.Literal(true),
      agentId: Type.String(),
      /** How often the agent shall send `agent.heartbeat`. */
      heartbeatIntervalMs: Type.Number(),
    }),
    /** Refused for good, e.g. declared gone: the agent ends its tasks and stops. */
    Type.Object({ ok: Type.Literal(false), reason: Type.String() }),
  ]),
});
export type RegisterAgentRequest = RequestOf<typeof RegisterAgentV1>;
export type RegisterAgentResponse = ResponseOf<typeof RegisterAgentV1>;
