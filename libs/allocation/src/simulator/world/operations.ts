import {
  isPersistentVolume,
  isStrictSubrole,
  nameableForm,
  resolveReference,
  type Resource,
  Resources,
  reservationRole,
} from '@tranche/resources';
import type { Offer } from './offer.js';
import type { World } from './world.js';

/** What an operation makes of the resources that it found. A text says why it cannot. */
export type Convert = (found: Resources) => Resources | string;

/** Refusal of an offer that an operator takes back to make room (allocation rule A69). */
const OPERATOR_REFUSE_SECONDS = 5;

/**
 * Runs an operation of a framework on its first offer of the agent that holds what is needed.
 *
 * @returns why it is refused; undefined when it was done
 */
export function operateOnOffer(
  world: World,
  framework: string,
  agent: string,
  find: (pool: Resources) => Resources | undefined,
  convert: Convert,
): string | undefined {
  for (const offer of world.offersOf({ framework, agent })) {
    const found = find(offer.resources);
    if (found === undefined) continue;
    const converted = convert(found);
    if (typeof converted === 'string') return converted;
    const holder = { frameworkId: framework, role: offer.role };
    const isDone = world.engine.convert({ agentId: agent, consumed: found, converted, holder });
    if (!isDone) return `agent ${agent} does not have what the offer holds`;
    world.offers.set(offer.id, { ...offer, resources: offer.resources.minus(found).plus(converted) });
    return undefined;
  }
  return `no outstanding offer of ${agent} to ${framework} holds what is needed`;
}

/**
 * Runs an operation of an operator on free resources, taking offers back first.
 *
 * @param needed as the step names it
 * @returns why it is refused; undefined when it was done
 */
export function operateOnFree(
  world: World,
  agent: string,
  needed: Resources,
  find: (pool: Resources) => Resources | undefined,
  convert: Convert,
): string | undefined {
  rescindFor(world, agent, needed);
  const found = find(world.engine.view.available(agent) ?? Resources.EMPTY);
  if (found === undefined) return `agent ${agent} does not have ${needed.toText()} free`;
  const converted = convert(found);
  if (typeof converted === 'string') return converted;
  const isDone = world.engine.convert({ agentId: agent, consumed: found, converted });
  return isDone ? undefined : `agent ${agent} does not have ${needed.toText()} free`;
}

/** RESERVE by key: unreserved resources, or reserved ones for a strict descendant. */
export function reserveFor(role: string): Convert {
  return (found) => {
    for (const resource of found) {
      const under = reservationRole(resource);
      if (role === '*') return 'role * reserves nothing';
      if (isPersistentVolume(resource)) return 'a volume keeps the reservation of its disk';
      if (under !== undefined && !isStrictSubrole(role, under)) return `${role} is not below ${under}`;
    }
    return found.map((resource) => ({
      ...resource,
      reservations: [...resource.reservations, { type: 'DYNAMIC', role }],
    }));
  };
}

/** UNRESERVE: the top entry of each stack goes, which must be dynamic. */
export const unreserve: Convert = (found) => {
  for (const resource of found) {
    if (isPersistentVolume(resource)) return 'a volume must be destroyed before its disk can be unreserved';
    if (resource.reservations.at(-1)?.type !== 'DYNAMIC') return `${resource.name} is not dynamically reserved`;
  }
  return found.map((resource) => ({ ...resource, reservations: resource.reservations.slice(0, -1) }));
};

/** Finds the first object that alone is what the single-object reference means: a volume lies on one disk. */
export function findSingle(reference: Resources): (pool: Resources) => Resources | undefined {
  return (pool) => {
    for (const resource of pool) {
      const found = resolveReference(Resources.of([resource]), reference);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

export function findAll(reference: Resources): (pool: Resources) => Resources | undefined {
  return (pool) => resolveReference(pool, reference);
}

/** The volume with this id on the agent, as part of its total. */
export function volumeOf(world: World, agent: string, id: string): Resource | undefined {
  return [...(world.engine.view.total(agent) ?? [])].find((each) => each.disk?.persistence?.id === id);
}

export function holdsVolume(resources: Resources, id: string): boolean {
  return [...resources].some((each) => each.disk?.persistence?.id === id);
}

/** One by one, offers that contribute to what is still needed, until what they held would do alone (allocation rule A69). */
function rescindFor(world: World, agent: string, needed: Resources): void {
  let missing = byKey(needed);
  for (const offer of world.offersOf({ agent })) {
    if (missing.isEmpty) return;
    const rest = missing.minus(byKey(offer.resources));
    if (rest.equals(missing)) continue;
    missing = rest;
    world.rescind(offer, OPERATOR_REFUSE_SECONDS);
  }
}

/** Objects reduced to what people name them by, copies aside. */
function byKey(resources: Resources): Resources {
  return resources.map((resource) => ({ ...nameableForm(resource), copies: 1 }));
}

export function rescindHolders(
  world: World,
  agent: string,
  volumeId: string,
  isExempt: (offer: Offer) => boolean,
): void {
  for (const offer of world.offersOf({ agent })) {
    if (!isExempt(offer) && holdsVolume(offer.resources, volumeId)) world.rescind(offer);
  }
}
