import type { Limits, Quantities } from '@tranche/resources';
import type { Domain, Quota } from '../../engine.js';
import { DEFAULT_MIN_ALLOCATABLE } from '../../engine-state.js';
import { SORTER_NAMES, type SorterName } from '../../sorter/sorters.js';
import { quotaError, quotaOf } from '../quota-rules.js';
import {
  type Fields,
  listOf,
  objectOf,
  oneOf,
  readBoolean,
  readFinite,
  readId,
  readInteger,
  type Reader,
} from './fields.js';
import { readDurationNs } from './parse-duration.js';
import { readDomain, readLimits, readQuantities, readRole } from './parse-values.js';

/** Settings of a simulation, defaults filled in. */
export interface ScenarioOptions {
  readonly allocationIntervalNs: number;
  readonly minAllocatable: readonly Quantities[];
  readonly roleSorter: SorterName;
  readonly frameworkSorter: SorterName;
  readonly fairSharingExcludes: readonly string[];
  readonly filterGpus: boolean;
  readonly domain: Domain | undefined;
  readonly agentOrder: 'id' | 'random';
  readonly seed: number;
  readonly recovery: RecoveryOptions | undefined;
}

/** The start as after a failover (allocation rule A80). */
export interface RecoveryOptions {
  readonly expectedAgents: number;
  readonly quotas: readonly { readonly role: string; readonly quota: Quota }[];
  readonly factor: number;
  readonly timeoutNs: number;
}

const MINUTE_NS = 60e9;

const readOptions: Reader<ScenarioOptions> = objectOf((fields) => ({
  allocationIntervalNs: fields.optional('allocationInterval', readDurationNs) ?? 1e9,
  minAllocatable: fields.optional('minAllocatableResources', listOf(readQuantities)) ?? DEFAULT_MIN_ALLOCATABLE,
  roleSorter: fields.optional('roleSorter', oneOf(SORTER_NAMES)) ?? 'drf',
  frameworkSorter: fields.optional('frameworkSorter', oneOf(SORTER_NAMES)) ?? 'drf',
  fairSharingExcludes: fields.optional('fairSharingExcludeResourceNames', listOf(readId)) ?? [],
  filterGpus: fields.optional('filterGpuResources', readBoolean) ?? true,
  domain: fields.optional('domain', readDomain),
  agentOrder: fields.optional('agentOrder', oneOf(['id', 'random'])) ?? 'id',
  seed: fields.optional('seed', readInteger) ?? 0,
  recovery: fields.optional('recovery', objectOf(readRecovery)),
}));

/** @param value the scenario's `options`; undefined: all defaults */
export function parseOptions(value: unknown): ScenarioOptions {
  return readOptions(value === undefined ? {} : value, 'options');
}

function readRecovery(fields: Fields): RecoveryOptions {
  const expectedAgents = fields.required('expectedAgents', readInteger);
  if (expectedAgents < 0) throw fields.fault('expectedAgents', 'must not be negative');
  const factor = fields.optional('factor', readFinite) ?? 0.8;
  if (factor < 0) throw fields.fault('factor', 'must not be negative');
  return {
    expectedAgents,
    quotas: fields.required('quotas', listOf(objectOf(readRecoveredQuota))),
    factor,
    timeoutNs: fields.optional('timeout', readDurationNs) ?? 10 * MINUTE_NS,
  };
}

function readRecoveredQuota(fields: Fields): { role: string; quota: Quota } {
  const role = fields.required('role', readRole);
  const quota = readQuota(fields);
  const error = quotaError(role, quota);
  if (error !== undefined) throw fields.fault('role', error);
  return { role, quota };
}

/** The fields `guarantees` and `limits`; both may be absent. */
export function readQuota(fields: Fields): Quota {
  const guarantees: Quantities | undefined = fields.optional('guarantees', readQuantities);
  const limits: Limits | undefined = fields.optional('limits', readLimits);
  return quotaOf(guarantees, limits);
}
