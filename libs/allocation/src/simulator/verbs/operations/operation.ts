import { nameableForm, type Resource, ResourceError, Resources, resolveReference } from '@tranche/resources';
import { type Fields, readId } from '../../parse/fields.js';
import { RESCIND_REFUSAL_SECONDS, type Simulation } from '../../simulation.js';
import { knownAgent, knownFramework } from '../known.js';

/** Who changes resources of which agent: a framework those that it was offered, or the operator free ones. */
export interface OperationPlace {
  readonly agentId: string;
  readonly frameworkId: string | undefined;
}

export function readPlace(fields: Fields): OperationPlace {
  return { agentId: fields.required('agent', readId), frameworkId: fields.optional('framework', readId) };
}

export function checkPlace(simulation: Simulation, fields: Fields, { agentId, frameworkId }: OperationPlace): void {
  knownAgent(simulation, fields, 'agent', agentId);
  if (frameworkId !== undefined) knownFramework(simulation, fields, 'framework', frameworkId);
}

/** What an operation takes, as people name it, and what it makes of the objects that are meant. */
export interface Operation {
  readonly needed: Resources;
  /** Finds in a collection the objects that are meant; undefined when they are not all there. */
  readonly find: (pool: Resources) => Resources | undefined;
  /** @throws ResourceError when it cannot be done with these */
  readonly convert: (found: Resources) => Resources;
}

/** The objects that a reference means, whatever their number. */
export function findAll(needed: Resources): Pick<Operation, 'needed' | 'find'> {
  return { needed, find: (pool) => resolveReference(pool, needed) };
}

/** The first object that a reference to a single thing means: a volume lies on one disk, with one kind of reservation. */
export function findSingle(needed: Resource): Pick<Operation, 'needed' | 'find'> {
  const reference = Resources.of([needed]);
  const find = (pool: Resources): Resources | undefined => {
    for (const resource of pool) {
      const found = resolveReference(Resources.of([resource]), reference);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return { needed: reference, find };
}

/**
 * Does an operation: on the framework's first offer that holds what is needed, or on free resources.
 *
 * @returns why it is refused; nothing has changed then but the offers that were rescinded for it
 * @source allocation rule A69
 */
export function operate(simulation: Simulation, place: OperationPlace, operation: Operation): string | undefined {
  const { agentId, frameworkId } = place;
  try {
    if (frameworkId !== undefined) return operateOnOffer(simulation, agentId, frameworkId, operation);
    rescindFor(simulation, agentId, operation);
    return operateOnFree(simulation, agentId, operation);
  } catch (error) {
    if (error instanceof ResourceError) return error.message;
    throw error;
  }
}

function operateOnOffer(
  simulation: Simulation,
  agentId: string,
  frameworkId: string,
  { needed, find, convert }: Operation,
): string | undefined {
  for (const offer of simulation.offers.find({ frameworkId, agentId })) {
    const consumed = find(offer.resources);
    if (consumed === undefined) continue;
    const converted = convert(consumed);
    const holder = { frameworkId, role: offer.role };
    if (!simulation.engine.convert({ agentId, consumed, converted, holder })) break;
    simulation.offers.replace(offer, offer.resources.minus(consumed).plus(converted));
    return undefined;
  }
  return `no offer to ${frameworkId} on ${agentId} holds ${needed.toText()}`;
}

function operateOnFree(
  simulation: Simulation,
  agentId: string,
  { needed, find, convert }: Operation,
): string | undefined {
  const free = simulation.engine.view.available(agentId) ?? Resources.EMPTY;
  const consumed = find(free);
  const isDone =
    consumed !== undefined && simulation.engine.convert({ agentId, consumed, converted: convert(consumed) });
  return isDone ? undefined : `${needed.toText()} is not free on ${agentId}, where ${free.toText() || 'nothing'} is`;
}

/** Takes back the agent's offers that contribute to what is needed, in order, until what they held suffices by itself. */
function rescindFor(simulation: Simulation, agentId: string, { needed, find }: Operation): void {
  let missing = nameable(needed);
  let recovered = Resources.EMPTY;
  for (const offer of simulation.offers.find({ agentId })) {
    const rest = missing.minus(nameable(offer.resources));
    if (rest.equals(missing)) continue;
    missing = rest;
    recovered = recovered.plus(offer.resources);
    simulation.rescind([offer], RESCIND_REFUSAL_SECONDS);
    if (find(recovered) !== undefined) return;
  }
}

function nameable(resources: Resources): Resources {
  return resources.map(nameableForm);
}
