import type { RoleAmounts } from '@tranche/contracts';
import type { ValueScalar } from '@tranche/mesos-api';
import { fromMilli } from '@tranche/resources';
import { z } from 'zod';

const BYTES_PER_MB = 1 << 20;

/** Names of resources behind the members of `/v1`, and what makes Mesos' unit of theirs. */
const MEMBERS = {
  cpus: { name: 'cpus', perUnit: 1 },
  gpus: { name: 'gpus', perUnit: 1 },
  memBytes: { name: 'mem', perUnit: BYTES_PER_MB },
  diskBytes: { name: 'disk', perUnit: BYTES_PER_MB },
} as const satisfies Record<keyof RoleAmounts, object>;

/** Amounts of scalar resources in a body. */
export const Amounts = z.strictObject({
  cpus: z.number().min(0).optional(),
  gpus: z.number().min(0).optional(),
  memBytes: z.number().min(0).optional(),
  diskBytes: z.number().min(0).optional(),
});

/** Body of `PUT /v1/quotas/ROLE`: what is left out is not guaranteed, or not limited. */
export const QuotaBody = z.strictObject({ guarantee: Amounts.default({}), limit: Amounts.default({}) });

const Changes = z.partialRecord(z.enum(['cpus', 'gpus', 'memBytes', 'diskBytes']), z.number().min(0).nullable());
/** Body of `PATCH /v1/quotas/ROLE`, a merge patch: `null` takes an amount away. @source RFC 7396 */
export const QuotaPatch = z.strictObject({ guarantee: Changes.optional(), limit: Changes.optional() });

/** The member that an amount of a resource has, and the amount in its unit. @returns undefined for a resource that `/v1` has no member for */
export function memberOf(name: string, milli: number): readonly [member: string, value: number] | undefined {
  const found = Object.entries(MEMBERS).find(([, resource]) => resource.name === name);
  return found === undefined ? undefined : [found[0], fromMilli(milli) * found[1].perUnit];
}

/** Amounts by Mesos' names and in its units. */
export function scalarsOf(amounts: RoleAmounts): Record<string, ValueScalar> {
  const members = Object.keys(amounts) as (keyof RoleAmounts)[];
  return Object.fromEntries(
    members.map((member) => {
      const { name, perUnit } = MEMBERS[member];
      return [name, { value: (amounts[member] ?? 0) / perUnit }];
    }),
  );
}

/** @source RFC 7396 */
export function patched(amounts: RoleAmounts, patch: Readonly<Record<string, number | null>> = {}): RoleAmounts {
  const merged = Object.entries({ ...amounts, ...patch }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged);
}
