import type { OfferOperation, OperationState } from '@tranche/mesos-api';
import {
  applyConversion,
  conversionOf,
  isPersistentVolume,
  type Resource,
  ResourceError,
  Resources,
} from '@tranche/resources';
import { type FittedResources, needsCheckpoint } from './checkpointed-resources.js';

export type OperationDecision =
  | {
      readonly ok: true;
      /** What the agent has afterwards. */
      readonly resources: FittedResources;
      /** What the operation made, without allocation roles. */
      readonly converted: Resources;
      readonly madeVolumes: readonly Resource[];
      readonly destroyedVolumes: readonly Resource[];
    }
  | { readonly ok: false; readonly state: OperationState; readonly message: string };

/**
 * What an operation does to the agent's resources, or why it can't be done here.
 *
 * OPERATION_ERROR: it is none that an agent can carry out. OPERATION_DROPPED: the agent does not have what it changes, so whoever sent it
 * has an outdated view. OPERATION_FAILED: something runs on what it would take away.
 *
 * @param held what live tasks and executors hold, without allocation roles
 */
export function decideOperation(info: OfferOperation, have: FittedResources, held: Resources): OperationDecision {
  const conversion = read(info);
  if (typeof conversion === 'string') return refuse('OPERATION_ERROR', conversion);
  const { consumed, converted } = conversion;
  const inUse = takenFrom(have.total, held, consumed);
  if (inUse !== undefined) return refuse('OPERATION_FAILED', inUse);
  const after = change(have, consumed, converted);
  if (typeof after === 'string') return refuse('OPERATION_DROPPED', after);
  const madeVolumes = volumesIn(converted).filter((volume) => !hasVolume(consumed, volume));
  const destroyedVolumes = volumesIn(consumed).filter((volume) => !hasVolume(converted, volume));
  return { ok: true, resources: after, converted, madeVolumes, destroyedVolumes };
}

function read(info: OfferOperation): { consumed: Resources; converted: Resources } | string {
  try {
    const conversion = conversionOf(info);
    if (conversion === undefined) return `${info.type ?? 'UNKNOWN'} is no operation on an agent's own resources`;
    if (conversion.consumed.isEmpty) return 'The operation names no resources';
    return {
      consumed: conversion.consumed.withoutAllocationRole(),
      converted: conversion.converted.withoutAllocationRole(),
    };
  } catch (error) {
    if (error instanceof ResourceError) return error.message;
    throw error;
  }
}

/** What waits for room can be given up as well as what has it. */
function change(have: FittedResources, consumed: Resources, converted: Resources): FittedResources | string {
  const applied = applyConversion(have.total, consumed, converted);
  if (applied.ok) return { total: applied.resources, unfit: have.unfit };
  const waiting = applyConversion(have.unfit, consumed, converted);
  if (waiting.ok) return { total: have.total, unfit: waiting.resources.filter(needsCheckpoint) };
  return applied.reason;
}

function takenFrom(total: Resources, held: Resources, consumed: Resources): string | undefined {
  const shared = [...consumed.shared()].find((volume) => held.contains(Resources.of([{ ...volume, copies: 1 }])));
  if (shared !== undefined) return `Persistent volume ${Resources.of([shared]).toString()} is in use`;
  const wanted = consumed.nonShared();
  // What is not there at all is another matter, and what waits for room is held by nobody.
  if (!total.contains(wanted)) return undefined;
  const taken = wanted.minus(total.nonShared().minus(held));
  return taken.isEmpty ? undefined : `${taken.toString()} is in use`;
}

const refuse = (state: OperationState, message: string): OperationDecision => ({ ok: false, state, message });

const volumesIn = (resources: Resources): Resource[] => [...resources].filter(isPersistentVolume);

/** Growing and shrinking leave a volume the one it was. */
const hasVolume = (resources: Resources, { disk, reservations }: Resource): boolean =>
  volumesIn(resources).some(
    (other) =>
      other.disk?.persistence?.id === disk?.persistence?.id &&
      other.disk?.source?.root === disk?.source?.root &&
      other.reservations.at(-1)?.role === reservations.at(-1)?.role,
  );
