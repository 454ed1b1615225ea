import { readResources, ResourceError, Resources } from '@tranche/resources';
import type { Fields, Read } from '../scenario/fields.js';
import { ScenarioError } from '../scenario/scenario.errors.js';
import { amount, boolean, id, resources, role, text } from '../scenario/values.js';
import {
  type Convert,
  findAll,
  findSingle,
  holdsVolume,
  operateOnFree,
  operateOnOffer,
  rescindHolders,
  reserveFor,
  unreserve,
  volumeOf,
} from '../world/operations.js';
import type { World } from '../world/world.js';
import type { RunStep, Verb } from './verb.js';

interface Target {
  readonly agent: string;
  /** Absent: the operator acts. */
  readonly framework: string | undefined;
}

const readTarget = (fields: Fields): Target => ({
  agent: fields.required('agent', id),
  framework: fields.optional('framework', id),
});

const reserve: Verb = {
  name: 'reserve',
  read(fields) {
    const target = readTarget(fields);
    const needed = fields.required('resources', resources);
    const forRole = fields.required('role', role);
    return operation(target, needed, findAll(needed), reserveFor(forRole));
  },
};

const unreserveVerb: Verb = {
  name: 'unreserve',
  read(fields) {
    const target = readTarget(fields);
    const needed = fields.required('resources', resources);
    return operation(target, needed, findAll(needed), unreserve);
  },
};

const size: Read<number> = (value, place) => {
  const read = amount(value, place);
  if (read === 0) throw new ScenarioError(place, 'must be above 0');
  return read;
};

const createVolume: Verb = {
  name: 'createVolume',
  read(fields) {
    const target = readTarget(fields);
    const volumeId = fields.required('id', id);
    const sizeMb = fields.required('size', size);
    const ofRole = fields.required('role', role);
    const isShared = fields.optional('shared', boolean) ?? false;
    const source = fields.optional('source', text);
    const disk = plainDisk(fields.place, ofRole, source, sizeMb);
    const convert: Convert = (found) =>
      found.map((each) => ({
        ...each,
        disk: { ...each.disk, persistence: { id: volumeId } },
        ...(isShared && { shared: true }),
      }));
    const create = operation(target, disk, findSingle(disk), convert);
    return (world) => {
      world.agent('agent', target.agent);
      if (ofRole === '*') world.outcome.refused = 'a volume needs reserved disk';
      else if (volumeOf(world, target.agent, volumeId) !== undefined) {
        world.outcome.refused = `agent ${target.agent} has a volume ${volumeId} already`;
      } else create(world);
    };
  },
};

const destroyVolume: Verb = {
  name: 'destroyVolume',
  read(fields) {
    const target = readTarget(fields);
    const volumeId = fields.required('id', id);
    return (world) => {
      world.agent('agent', target.agent);
      if (target.framework !== undefined) world.framework('framework', target.framework);
      const volume = volumeOf(world, target.agent, volumeId);
      const refusal = destroyRefusal(world, target.agent, volumeId, volume !== undefined);
      if (refusal !== undefined || volume === undefined) {
        world.outcome.refused = refusal;
        return;
      }
      const needed = Resources.of([{ ...volume, copies: 1 }]);
      if (volume.shared === true) rescindOthers(world, target, volumeId);
      operation(target, needed, findAll(needed), destroy)(world);
    };
  },
};

export const OPERATION_VERBS: readonly Verb[] = [reserve, unreserveVerb, createVolume, destroyVolume];

const destroy: Convert = (found) =>
  found.map((each) => ({
    ...each,
    disk: each.disk?.source && { source: each.disk.source },
    shared: undefined,
    copies: undefined,
  }));

function operation(
  { agent, framework }: Target,
  needed: Resources,
  find: (pool: Resources) => Resources | undefined,
  convert: Convert,
): RunStep {
  return (world) => {
    world.agent('agent', agent);
    if (framework !== undefined) world.framework('framework', framework);
    world.outcome.refused =
      framework === undefined
        ? operateOnFree(world, agent, needed, find, convert)
        : operateOnOffer(world, framework, agent, find, convert);
  };
}

function destroyRefusal(world: World, agent: string, volumeId: string, exists: boolean): string | undefined {
  if (!exists) return `agent ${agent} has no volume ${volumeId}`;
  const isUsed = world.inUse.of({ agent }).some((usage) => holdsVolume(usage.resources, volumeId));
  return isUsed ? `volume ${volumeId} is in use` : undefined;
}

/** Other offers that hold the volume: the one that the framework works on keeps it. */
function rescindOthers(world: World, { agent, framework }: Target, volumeId: string): void {
  const own = world
    .offersOf({ agent })
    .find((offer) => offer.framework === framework && holdsVolume(offer.resources, volumeId));
  if (framework === undefined || own === undefined) return;
  rescindHolders(world, agent, volumeId, (offer) => offer.id === own.id);
}

/** @throws ScenarioError for a source that is none */
function plainDisk(place: string, ofRole: string, source: string | undefined, sizeMb: number): Resources {
  const suffix = source === undefined ? '' : `[${source}]`;
  try {
    return readResources(`disk(${ofRole})${suffix}:${sizeMb}`);
  } catch (cause) {
    if (!(cause instanceof ResourceError)) throw cause;
    throw new ScenarioError(`${place}.${source === undefined ? 'size' : 'source'}`, cause.message, { cause });
  }
}
