import type { FrameworkInfo, OfferFilters } from '../generated/mesos.js';
import { idError } from '../ids.js';
import type { Double } from '../scalars.js';
import { doubleToNumber } from '../scalars.js';
import { capabilitiesOf } from '../values/framework-capabilities.js';
import { roleError } from '../roles.js';

/**
 * Why a FrameworkInfo is not valid in itself: the message of the ERROR event that answers SUBSCRIBE, and what follows
 * `Supplied FrameworkInfo is not valid: ` for UPDATE_FRAMEWORK. Rules that need to know the cluster (whitelist,
 * completed frameworks, authorization) come after these and belong to whoever knows it.
 *
 * @returns undefined for a valid one
 * @source scheduler API: refusals of SUBSCRIBE, rules 1 to 5, in that order
 */
export function validateFrameworkInfo(framework: FrameworkInfo): string | undefined {
  return (
    roleFieldsError(framework) ??
    rolesError(framework) ??
    frameworkIdError(framework) ??
    offerFiltersError(framework) ??
    failoverTimeoutError(framework.failover_timeout ?? 0)
  );
}

function isMultiRole(framework: FrameworkInfo): boolean {
  return capabilitiesOf(framework).has('MULTI_ROLE');
}

function roleFieldsError(framework: FrameworkInfo): string | undefined {
  if (isMultiRole(framework)) {
    return framework.role === undefined
      ? undefined
      : "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
  }
  return (framework.roles ?? []).length === 0
    ? undefined
    : "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
}

function rolesError(framework: FrameworkInfo): string | undefined {
  if (!isMultiRole(framework)) {
    const error = roleError(framework.role ?? '*');
    return error === undefined ? undefined : `'FrameworkInfo.role' is not a valid role: ${error}`;
  }
  const roles = framework.roles ?? [];
  const duplicates = new Set(roles.filter((role, i) => roles.indexOf(role) !== i));
  if (duplicates.size > 0) {
    return `'FrameworkInfo.roles' contains duplicate items: { ${[...duplicates].join(', ')} }`;
  }
  const error = roles.map(roleError).find((e) => e !== undefined);
  return error === undefined ? undefined : `'FrameworkInfo.roles' contains invalid role: ${error}`;
}

/** An empty id means none. */
function frameworkIdError(framework: FrameworkInfo): string | undefined {
  const id = framework.id?.value ?? '';
  return id === '' ? undefined : idError(id);
}

function offerFiltersError(framework: FrameworkInfo): string | undefined {
  for (const filters of Object.values(framework.offer_filters ?? {})) {
    const error = quantitiesError(filters);
    if (error !== undefined) return error;
  }
  return undefined;
}

function quantitiesError(filters: OfferFilters): string | undefined {
  for (const { quantities = {} } of filters.min_allocatable_resources?.quantities ?? []) {
    if (Object.keys(quantities).length === 0) return 'Resource quantities must contain at least one quantity';
    for (const [name, { value }] of Object.entries(quantities)) {
      const error = scalarError(value);
      if (error !== undefined) return `Invalid resource quantity for '${name}': ${error}`;
    }
  }
  return undefined;
}

/** Smallest positive double with full precision. */
const MIN_NORMAL = 2 ** -1022;

/**
 * Why a scalar from outside is not usable as a quantity.
 *
 * @returns Mesos' text, or undefined for a finite number that is not negative and not subnormal
 */
export function scalarError(scalar: Double): string | undefined {
  const value = doubleToNumber(scalar);
  if (Number.isNaN(value)) return 'NaN not supported';
  if (!Number.isFinite(value)) return 'Infinite values not supported';
  if (value !== 0 && Math.abs(value) < MIN_NORMAL) return 'Subnormal values not supported';
  return value < 0 ? 'Negative values not supported' : undefined;
}

/** Largest duration that 64-bit nanoseconds hold, in seconds: 292 years. */
const MAX_DURATION_SECONDS = (2 ** 63 - 1) / 1e9;

function failoverTimeoutError(timeoutSeconds: Double): string | undefined {
  const seconds = doubleToNumber(timeoutSeconds);
  if (Math.abs(seconds) <= MAX_DURATION_SECONDS) return undefined;
  return (
    `The framework failover_timeout (${sixDigits(seconds)}) is invalid: ` +
    "Argument out of the range that a Duration can represent due to int64_t's size limit"
  );
}

/** A number with six significant digits, as C++ streams print it: `1e+10`, `9.22337e+09`. */
function sixDigits(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const [mantissa = '', exponent = '0'] = value.toExponential(5).split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${Number(mantissa)}e${sign}${exponent.replace(/^[-+]/, '').padStart(2, '0')}`;
}
