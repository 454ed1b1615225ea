import { entityColumn } from '@tranche/persistence';
import { EntitySchema } from 'typeorm';

/** One role for which something was set. Absent members are at their default. */
export interface RoleRow {
  name: string;
  weight?: number | undefined;
  guaranteesMilli?: Record<string, number> | undefined;
  limitsMilli?: Record<string, number> | undefined;
}

export const RoleSchema = new EntitySchema<RoleRow>({
  name: 'quota_role',
  tableName: 'quota_roles',
  columns: {
    name: entityColumn('key', { primary: true }),
    // As JSON: a double comes back from every database as it was.
    weight: entityColumn('json', { nullable: true }),
    guaranteesMilli: { ...entityColumn('json', { nullable: true }), name: 'guarantees_milli' },
    limitsMilli: { ...entityColumn('json', { nullable: true }), name: 'limits_milli' },
  },
});
