import {
  type AttributeJson,
  Limits,
  parseAttributes,
  Quantities,
  readResources as readAnyResources,
  ResourceError,
  type Resources,
  roleError,
} from '@tranche/resources';
import type { Domain, Unavailability } from '../../engine.js';
import { ScenarioFault } from '../scenario.errors.js';
import { listOf, objectOf, readFinite, readId, readText, type Reader } from './fields.js';

/** Resources as text, or as a list of texts and resource documents. */
export const readResources: Reader<Resources> = (value, path) =>
  explained(path, () => readAnyResources(value).withoutAllocationRole());

/** `cpus:2;mem:1024`: names that are missing are zero. */
export const readQuantities: Reader<Quantities> = (value, path) => {
  const text = readText(value, path);
  return explained(path, () => Quantities.parse(text));
};

/** `cpus:2;mem:0`: names that are missing are unlimited. */
export const readLimits: Reader<Limits> = (value, path) => {
  const text = readText(value, path);
  return explained(path, () => Limits.parse(text));
};

export const readRole: Reader<string> = (value, path) => {
  const role = readText(value, path);
  const error = roleError(role);
  if (error !== undefined) throw new ScenarioFault(path, error);
  return role;
};

/** Role names; repetitions do not count. */
export const readRoles: Reader<string[]> = (value, path) => [...new Set(listOf(readRole)(value, path))];

export const readAttributes: Reader<AttributeJson[]> = (value, path) => {
  const text = readText(value, path);
  return explained(path, () => parseAttributes(text));
};

export const readDomain: Reader<Domain> = objectOf((fields) => ({
  region: fields.required('region', readId),
  zone: fields.required('zone', readId),
}));

export const readUnavailability: Reader<Unavailability> = objectOf((fields) => {
  const startNs = fields.required('start', readSecondsNs);
  const durationNs = fields.optional('duration', readSpanNs);
  return durationNs === undefined ? { startNs } : { startNs, durationNs };
});

/** An instant of the virtual clock in seconds, as nanoseconds. */
export function readSecondsNs(value: unknown, path: string): number {
  return Math.round(readFinite(value, path) * 1e9);
}

/** Seconds that may not be negative, as nanoseconds. */
export function readSpanNs(value: unknown, path: string): number {
  const ns = readSecondsNs(value, path);
  if (ns < 0) throw new ScenarioFault(path, 'must not be negative');
  return ns;
}

/** What the resource library refuses is a fault of the field. */
function explained<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ResourceError) throw new ScenarioFault(path, error.message);
    throw error;
  }
}
