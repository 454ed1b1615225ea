import type { OfferOperation } from '@tranche/mesos-api';
import { applyConversion, type Conversion, conversionOf, Resources } from '@tranche/resources';
import { operationDenial } from '../frameworks/check-permits.js';
import type { Acceptance, AcceptContext } from '../offers/acceptance.js';
import { converted, type RemainderResult, resized } from '../offers/remainder.js';
import { rescindOffer } from '../offers/return-offer.js';
import { noteOperation } from './note-operation.js';
import { refuseOperation } from './operation-status.js';
import { preparedOperation } from './prepare-operation.js';
import type { OperationScene } from './rules/operation-rule.js';
import { operationError } from './rules/operation-rules.js';
import { offersOfVolumes, usedVolumes } from './volumes-in-use.js';

/**
 * An operation that changes resources: done in the books at once, before its agent does it, so that later operations and offers go by it.
 * One that cannot be done is passed over, and its framework hears why if it asked for feedback.
 *
 * @param asked its resources are valid each in itself
 */
export function bookOperation(context: AcceptContext, acceptance: Acceptance, asked: OfferOperation): void {
  const { framework, agent, role } = acceptance;
  const denial = operationDenial(context.authorizer, framework, asked);
  if (denial !== undefined) return refuseOperation(framework, asked, denial);
  const info = preparedOperation(asked, role);
  const error = operationError(info, sceneOf(context, acceptance, info));
  if (error !== undefined) return refuseOperation(framework, info, error);
  const conversion = conversionOf(info);
  // Disks of resource providers, of which there are none: their operations never pass the rules.
  if (conversion === undefined) return;
  // Others may have been offered a shared volume that is to go.
  if (info.type === 'DESTROY') {
    for (const offer of offersOfVolumes(context, agent.agentId, conversion.consumed)) rescindOffer(context, offer);
  }
  const left = remainderAfter(acceptance, info, conversion);
  if (!left.ok) return refuseOperation(framework, info, left.reason);
  const [consumed, made] = unallocated(conversion);
  const total = applyConversion(context.state.totals.of(agent.agentId), consumed, made);
  if (!total.ok) return refuseOperation(framework, info, total.reason);
  acceptance.remainder = left.remainder;
  context.state.totals.convert(agent.agentId, { consumed, converted: made }, total.resources);
  noteConversion(acceptance, conversion);
  const of = { agentId: agent.agentId, frameworkId: framework.frameworkId, role, traceId: acceptance.traceId };
  acceptance.operations.push(noteOperation(context, info, of));
}

function sceneOf(context: AcceptContext, { framework, agent }: Acceptance, { type }: OfferOperation): OperationScene {
  const { frameworkId, record, capabilities } = framework;
  const { principal } = record.info;
  const isOfVolumes = type === 'CREATE' || type === 'DESTROY';
  return {
    asker: { framework: { frameworkId, roles: record.roles, capabilities }, principal },
    agent,
    total: isOfVolumes ? context.state.totals.of(agent.agentId) : Resources.EMPTY,
    used: type === 'DESTROY' ? usedVolumes(context, agent.agentId) : [],
  };
}

function remainderAfter({ remainder }: Acceptance, { type }: OfferOperation, conversion: Conversion): RemainderResult {
  return type === 'GROW_VOLUME' || type === 'SHRINK_VOLUME'
    ? resized(remainder, conversion, type)
    : converted(remainder, conversion);
}

const unallocated = ({ consumed, converted: made }: Conversion): [consumed: Resources, converted: Resources] => [
  consumed.withoutAllocationRole(),
  made.withoutAllocationRole(),
];

function noteConversion({ framework, agent, role, conversions }: Acceptance, conversion: Conversion): void {
  const [consumed, made] = unallocated(conversion);
  conversions.push({
    agentId: agent.agentId,
    frameworkId: framework.frameworkId,
    role,
    consumed: consumed.toJson(),
    converted: made.toJson(),
  });
}
