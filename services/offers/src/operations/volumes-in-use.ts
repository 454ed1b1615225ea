import type { Resource } from '@tranche/mesos-api';
import { Resources } from '@tranche/resources';
import type { OffersContext } from '../offers-context.js';
import type { Offer } from '../offers/offer.js';

/** What tasks and executors hold of volumes on an agent, each alone: nothing else can be in the way of a DESTROY. */
export function usedVolumes({ state }: Pick<OffersContext, 'state'>, agentId: string): Resources[] {
  const ofTasks = state.tasks.ofAgent(agentId).map(({ held, heldForExecutor }) => [...held, ...heldForExecutor]);
  const ofExecutors = state.tasks.executors.idleOn(agentId).map(({ held }) => held);
  return [...ofTasks, ...ofExecutors]
    .map((held) => held.filter(isVolume))
    .filter((volumes) => volumes.length > 0)
    .map((volumes) => Resources.fromJson(volumes));
}

/** Offers of an agent that hold a copy of one of these volumes. */
export function offersOfVolumes({ state }: Pick<OffersContext, 'state'>, agentId: string, volumes: Resources): Offer[] {
  const single = eachOnce(volumes);
  return [...state.offers.ofAgent(agentId)].filter(({ held: offered }) => {
    const held = offered.filter(isVolume);
    return held.length > 0 && holdsOne(Resources.fromJson(held), single);
  });
}

/** Whether one of these holds a copy of one of the volumes. */
export const areInUse = (used: readonly Resources[], volumes: Resources): boolean =>
  used.some((held) => holdsOne(held, eachOnce(volumes)));

const holdsOne = (held: Resources, single: readonly Resources[]): boolean =>
  single.some((volume) => held.contains(volume));

/** One copy of each, without allocation roles. */
const eachOnce = (volumes: Resources): Resources[] =>
  Array.from(volumes.withoutAllocationRole(), (volume) => Resources.of([{ ...volume, copies: 1 }]));

const isVolume = ({ disk }: Resource): boolean => disk?.persistence !== undefined;
