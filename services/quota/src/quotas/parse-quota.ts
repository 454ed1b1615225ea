import {
  doubleToNumber,
  type QuotaConfig,
  type QuotaRequest,
  type Resource,
  roleError,
  type ValueScalar,
} from '@tranche/mesos-api';
import { toMilli } from '@tranche/resources';
import { mapText, type Quota } from './quota.js';

export type ParsedQuota =
  | { readonly ok: true; readonly quota: Quota }
  /** Mesos' words, without what its callers put before them. */
  | { readonly ok: false; readonly error: string };

/** An exbibyte in MiB: more would not stay exact. */
const MAX_MEGABYTES = 1_099_511_627_776;
const MAX_OTHERS = 1_000_000_000_000;

const maxOf = (name: string): number => (name === 'mem' || name === 'disk' ? MAX_MEGABYTES : MAX_OTHERS);

/**
 * Reads one config of UPDATE_QUOTA.
 *
 * @source allocation rules A14, A70; operator API §2.3
 */
export function parseQuotaConfig({ role, guarantees = {}, limits = {} }: QuotaConfig): ParsedQuota {
  const invalid = roleError(role);
  if (invalid !== undefined) return no(`Invalid QuotaConfig: Invalid 'QuotaConfig.role': ${invalid}`);
  if (role.includes('/')) return no(`Updating quota on nested role '${role}' is not supported yet`);
  const guaranteesMilli = milliOf(guarantees);
  if (typeof guaranteesMilli === 'string')
    return no(`Invalid QuotaConfig: Invalid guarantee configuration ${guaranteesMilli}`);
  const limitsMilli = milliOf(limits);
  if (typeof limitsMilli === 'string') return no(`Invalid QuotaConfig: Invalid limit configuration ${limitsMilli}`);
  const isContained = Object.entries(guaranteesMilli).every(
    ([name, milli]) => milli <= (limitsMilli[name] ?? Infinity),
  );
  if (!isContained) {
    const texts = [mapText(guaranteesMilli), mapText(limitsMilli)] as const;
    return no(
      `Invalid QuotaConfig: 'QuotaConfig.guarantees' ${texts[0]} is not contained within the 'QuotaConfig.limits' ${texts[1]}`,
    );
  }
  const positive = Object.fromEntries(Object.entries(guaranteesMilli).filter(([, milli]) => milli > 0));
  return { ok: true, quota: { role, guaranteesMilli: positive, limitsMilli } };
}

/**
 * Reads what SET_QUOTA and POST `/quota` ask for: its limits are its guarantees.
 *
 * @source operator API §2.3
 */
export function parseQuotaRequest({ role = '', guarantee = [] }: QuotaRequest): ParsedQuota {
  const invalid = roleError(role);
  if (invalid !== undefined) return unfit(`QuotaInfo with invalid role: ${invalid}`);
  if (guarantee.length === 0) return unfit("QuotaInfo with empty 'guarantee'");
  const amounts: Record<string, ValueScalar> = {};
  for (const resource of guarantee) {
    const fault = resourceFault(resource);
    if (fault !== undefined) return unfit(fault);
    const { name, scalar } = resource;
    if (name in amounts) return unfit(`QuotaInfo contains duplicate resource name '${name}'`);
    amounts[name] = scalar ?? { value: 0 };
  }
  const milli = milliOf(amounts);
  if (typeof milli === 'string') return unfit(`QuotaInfo with invalid resource: ${milli}`);
  if (role.includes('/')) return no(`Setting quota on nested role '${role}' is not supported yet`);
  const guaranteesMilli = Object.fromEntries(Object.entries(milli).filter(([, value]) => value > 0));
  return { ok: true, quota: { role, guaranteesMilli, limitsMilli: milli } };
}

function resourceFault({ type, reservations = [], role, reservation, disk, revocable }: Resource): string | undefined {
  if (type !== 'SCALAR') return 'QuotaInfo must not include non-scalar resources';
  const isReserved = reservations.length > 0 || reservation !== undefined || (role ?? '*') !== '*';
  if (isReserved) return 'QuotaInfo must not contain any ReservationInfo';
  if (disk !== undefined) return 'QuotaInfo must not contain DiskInfo';
  if (revocable !== undefined) return 'QuotaInfo must not contain RevocableInfo';
  return undefined;
}

/** @returns the faulty entry with what is wrong with it, when one is */
function milliOf(amounts: Readonly<Record<string, ValueScalar>>): Record<string, number> | string {
  const milli: Record<string, number> = {};
  for (const [name, scalar] of Object.entries(amounts)) {
    const value = doubleToNumber(scalar.value);
    const fault = valueFault(name, value);
    if (fault !== undefined) return `{'${name}': ${value}}: ${fault}`;
    milli[name] = toMilli(value);
  }
  return milli;
}

function valueFault(name: string, value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN not supported';
  if (!Number.isFinite(value)) return 'Infinite values not supported';
  if (value < 0) return 'Negative values not supported';
  if (value > maxOf(name)) return `values greater than ${maxOf(name)} are not supported`;
  return undefined;
}

const no = (error: string): ParsedQuota => ({ ok: false, error });
const unfit = (error: string): ParsedQuota => no(`Failed to validate set quota request: ${error}`);
