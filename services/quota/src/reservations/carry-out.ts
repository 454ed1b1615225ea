import type { AgentOperationView, OperateAnswer } from '@tranche/contracts';
import { askedByOperation, demand, permitsOf, principalOf, problem, ProblemError } from '@tranche/http';
import { type OfferOperation, uuidFromBase64 } from '@tranche/mesos-api';
import { type Conversion, conversionOf, ResourceError } from '@tranche/resources';
import type { FastifyReply } from 'fastify';
import type { AgentOperations } from './agent-operations.port.js';

/** An operation that `/v1` was asked for. */
export interface AskedOperation {
  readonly agentId: string;
  readonly info: OfferOperation;
  readonly isTrial: boolean;
}

/**
 * Has an operation done, and answers 202 with where it is followed; a trial with what it would do.
 *
 * @throws ProblemError 403, 404, 409, 422, 503 with the reason
 */
export async function carryOut(
  operations: AgentOperations,
  { agentId, info: asked, isTrial }: AskedOperation,
  reply: FastifyReply,
): Promise<AgentOperationView> {
  const principal = principalOf(reply.request);
  const info = principal === undefined ? asked : inTheNameOf(principal, asked);
  demand(permitsOf(reply.request), ...askedByOperation(info));
  const by = principal === undefined ? {} : { principal };
  const answer = await operations.operate({ agentId, info, ...by, ...(isTrial ? { isTrial } : {}) });
  if (answer.outcome !== 'accepted') throw new ProblemError(refusal(agentId, answer));
  const view = { agentId, ...textsOf(info) };
  if (answer.operationUuid === undefined) return view;
  const operationId = uuidFromBase64(answer.operationUuid);
  void reply.code(202).header('location', `/v1/operations/${operationId}`);
  return { ...view, operationId };
}

/** Where a new reservation or volume has no principal, it is that of whoever asks. */
function inTheNameOf(principal: string, info: OfferOperation): OfferOperation {
  if (info.reserve !== undefined) {
    const resources = (info.reserve.resources ?? []).map((resource) => {
      const stack = resource.reservations ?? [];
      const top = stack.at(-1);
      return top === undefined
        ? resource
        : { ...resource, reservations: [...stack.slice(0, -1), { principal, ...top }] };
    });
    return { ...info, reserve: { ...info.reserve, resources } };
  }
  if (info.create === undefined) return info;
  const volumes = (info.create.volumes ?? []).map((volume) =>
    volume.disk?.persistence === undefined
      ? volume
      : { ...volume, disk: { ...volume.disk, persistence: { principal, ...volume.disk.persistence } } },
  );
  return { ...info, create: { ...info.create, volumes } };
}

/** What cannot be read was refused before. */
function textsOf(info: OfferOperation): Pick<AgentOperationView, 'consumed' | 'converted'> {
  let conversion: Conversion | undefined;
  try {
    conversion = conversionOf(info);
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
  }
  return { consumed: conversion?.consumed.toText() ?? '', converted: conversion?.converted.toText() ?? '' };
}

const UNKNOWN_AGENT = 'No agent found with specified ID';

function refusal(agentId: string, { outcome, message = '' }: OperateAnswer) {
  if (message === UNKNOWN_AGENT) {
    return problem(404, 'agent.unknown', 'Agent not found', `no agent has the id ${agentId}`);
  }
  switch (outcome) {
    case 'conflict':
      return problem(409, 'operation.conflict', 'Not with what is free on the agent', message, {
        hints: [`tranche agent describe ${agentId}`],
      });
    case 'unavailable':
      return problem(503, 'operation.unavailable', 'Not now', message, { retryAfterSeconds: 1 });
    default:
      return problem(422, 'operation.refused', 'Not allowed by the rules of operations', message);
  }
}
