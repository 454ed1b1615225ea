/** Amounts of scalar resources, units in the names. Only names that have an amount are there. */
export interface RoleAmounts {
  cpus?: number;
  gpus?: number;
  memBytes?: number;
  diskBytes?: number;
}

/** Items of `GET /v1/roles`. Served by `quota`. Amounts include the roles below. */
export interface RoleView {
  name: string;
  weight: number;
  guarantee: RoleAmounts;
  /** A resource without an entry is unlimited. */
  limit: RoleAmounts;
  /** What counts against guarantee and limit. */
  consumed: RoleAmounts;
  allocated: RoleAmounts;
  offered: RoleAmounts;
  reserved: RoleAmounts;
  /** Ids of the frameworks that are subscribed to this very role. */
  frameworks: string[];
}
