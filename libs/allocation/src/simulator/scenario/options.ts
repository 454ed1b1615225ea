import type { Limits, Quantities } from '@tranche/resources';
import type { Domain } from '../../engine.js';
import { SORTER_NAMES, type SorterName } from '../../sorter/sorters.js';
import { type Fields, listOf, objectOf, type Read } from './fields.js';
import { ScenarioError } from './scenario.errors.js';
import {
  boolean,
  count,
  domain,
  durationAsNs,
  integer,
  limits,
  number,
  oneOf,
  quantities,
  role,
  text,
} from './values.js';

/** A quota as steps and options give it; absent members are empty. */
export interface QuotaText {
  readonly role: string;
  readonly guarantees: Quantities | undefined;
  readonly limits: Limits | undefined;
}

export interface ScenarioOptions {
  readonly allocationIntervalNs: number;
  readonly minAllocatable: readonly Quantities[] | undefined;
  readonly roleSorter: SorterName;
  readonly frameworkSorter: SorterName;
  readonly fairSharingExcludes: readonly string[];
  readonly filterGpus: boolean;
  readonly domain: Domain | undefined;
  readonly agentOrder: 'id' | 'random';
  readonly seed: number;
  readonly recovery:
    | { readonly expectedAgents: number; readonly quotas: readonly QuotaText[]; factor: number; timeoutNs: number }
    | undefined;
}

const sorter: Read<SorterName> = oneOf(...SORTER_NAMES);

export const quotaText = (fields: Fields): QuotaText => ({
  role: fields.required('role', role),
  guarantees: fields.optional('guarantees', quantities),
  limits: fields.optional('limits', limits),
});

/** @param value the scenario's `options`, or undefined */
export function readOptions(value: unknown): ScenarioOptions {
  return objectOf((fields) => ({
    allocationIntervalNs: fields.optional('allocationInterval', interval) ?? 1e9,
    minAllocatable: fields.optional('minAllocatableResources', listOf(quantities)),
    roleSorter: fields.optional('roleSorter', sorter) ?? 'drf',
    frameworkSorter: fields.optional('frameworkSorter', sorter) ?? 'drf',
    fairSharingExcludes: fields.optional('fairSharingExcludeResourceNames', listOf(text)) ?? [],
    filterGpus: fields.optional('filterGpuResources', boolean) ?? true,
    domain: fields.optional('domain', domain),
    agentOrder: fields.optional('agentOrder', oneOf('id', 'random')) ?? 'id',
    seed: fields.optional('seed', integer) ?? 0,
    recovery: fields.optional('recovery', objectOf(readRecovery)),
  }))(value ?? {}, 'options');
}

const interval: Read<number> = (value, place) => {
  const ns = durationAsNs(value, place);
  if (ns === 0) throw new ScenarioError(place, 'must be longer than 0');
  return ns;
};

const fraction: Read<number> = (value, place) => {
  const read = number(value, place);
  if (!(read >= 0 && read <= 1)) throw new ScenarioError(place, `must lie between 0 and 1, not ${read}`);
  return read;
};

function readRecovery(fields: Fields): NonNullable<ScenarioOptions['recovery']> {
  return {
    expectedAgents: fields.required('expectedAgents', count),
    quotas: fields.required('quotas', listOf(objectOf(quotaText))),
    factor: fields.optional('factor', fraction) ?? 0.8,
    timeoutNs: fields.optional('timeout', durationAsNs) ?? 600e9,
  };
}
