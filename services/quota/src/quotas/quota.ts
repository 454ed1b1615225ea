import type { RoleConfig } from '@tranche/contracts';
import { compareBytes, fromMilli, Quantities } from '@tranche/resources';

type MilliByName = Readonly<Record<string, number>>;

/** What a role is guaranteed, and what it may not exceed, with the roles below it. Thousandths by resource name. */
export interface Quota {
  readonly role: string;
  /** Positive amounts. */
  readonly guaranteesMilli: MilliByName;
  /** A name without an entry is unlimited; an entry of zero allows nothing. */
  readonly limitsMilli: MilliByName;
}

export const quotaOf = ({ name, guaranteesMilli = {}, limitsMilli = {} }: RoleConfig): Quota => ({
  role: name,
  guaranteesMilli,
  limitsMilli,
});

export const hasQuota = ({ guaranteesMilli, limitsMilli }: Pick<RoleConfig, 'guaranteesMilli' | 'limitsMilli'>) =>
  guaranteesMilli !== undefined || limitsMilli !== undefined;

/** The configuration of the role with this quota in it: one that guarantees nothing and limits nothing is none. */
export function withQuota(role: RoleConfig, { guaranteesMilli, limitsMilli }: Quota): RoleConfig {
  const { guaranteesMilli: _guarantees, limitsMilli: _limits, ...rest } = role;
  return {
    ...rest,
    ...(isEmpty(guaranteesMilli) ? {} : { guaranteesMilli }),
    ...(isEmpty(limitsMilli) ? {} : { limitsMilli }),
  };
}

export const guaranteesOf = ({ guaranteesMilli }: Quota): Quantities => Quantities.of(Object.entries(guaranteesMilli));

/** Whether the amounts stay within every limit that there is. */
export const isWithin = (amounts: Quantities, limitsMilli: MilliByName): boolean =>
  Object.entries(limitsMilli).every(([name, milli]) => amounts.get(name) <= milli);

/** `cpus:1; mem:512`, names in byte order, zeros kept: as Mesos prints limits. */
export const limitsText = (limitsMilli: MilliByName): string =>
  sorted(limitsMilli)
    .map(([name, milli]) => `${name}:${fromMilli(milli)}`)
    .join('; ');

/** `{ cpus: 3, mem: 4 }`: as Mesos prints a map of scalars. */
export const mapText = (milliByName: MilliByName): string =>
  isEmpty(milliByName)
    ? '{  }'
    : `{ ${sorted(milliByName)
        .map(([name, milli]) => `${name}: ${fromMilli(milli)}`)
        .join(', ')} }`;

const sorted = (milliByName: MilliByName): (readonly [string, number])[] =>
  Object.entries(milliByName).toSorted(([a], [b]) => compareBytes(a, b));

const isEmpty = (milliByName: MilliByName): boolean => Object.keys(milliByName).length === 0;
