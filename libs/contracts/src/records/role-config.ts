import { type Static, Type } from 'typebox';

/** Thousandths by resource name, `{ cpus: 2500 }` is 2.5 cpus. */
const MilliByName = Type.Record(Type.String(), Type.Integer({ minimum: 0 }));

/** What operators have set for a role. Absent members are at their default: weight 1, no guarantee, no limit. */
export const RoleConfig = Type.Object({
  name: Type.String(),
  weight: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  guaranteesMilli: Type.Optional(MilliByName),
  /** A present zero means none at all; an absent name is unlimited. */
  limitsMilli: Type.Optional(MilliByName),
});
export type RoleConfig = Static<typeof RoleConfig>;
