import { Quantities } from '@tranche/resources';
import type { AgentRow } from './cluster/agent-row.js';
import { BundlePool } from './cluster/bundle-pool.js';
import { ClusterTable } from './cluster/cluster-table.js';
import { ClusterTotals } from './cluster/cluster-totals.js';
import { KindTable } from './cluster/kind-table.js';
import { NameTable } from './cluster/name-table.js';
import type { EngineOptions } from './engine.js';
import { InverseOffers } from './filters/inverse-offers.js';
import { OfferFilters } from './filters/offer-filters.js';
import type { Client, Framework } from './frameworks/framework.js';
import type { ConstraintTest } from './frameworks/offer-constraints.js';
import { Ledger } from './ledger.js';
import type { Role } from './roles/role.js';
import { RoleTree } from './roles/role-tree.js';
import type { Sorter, SorterFactory } from './sorter/sorter.js';
import { SORTERS } from './sorter/sorters.js';
import { internMinimums, type Minimums } from './steps/minimums.js';

/** Smallest offers when nothing else is said (allocation rule A45). */
export const DEFAULT_MIN_ALLOCATABLE = [Quantities.parse('cpus:0.01'), Quantities.parse('mem:32')];

/** Everything an engine keeps, in tables by concept. Only the engine's own modules change it. */
export class EngineState {
  readonly names = new NameTable();
  readonly kinds = new KindTable(this.names);
  /** Totals of agents, shared by machines of one type. */
  readonly totalsPool = new BundlePool();
  readonly totals: ClusterTotals;
  readonly cluster: ClusterTable;
  readonly agents = new Map<string, AgentRow>();
  readonly frameworks = new Map<string, Framework>();
  readonly roles = new RoleTree(this.names);
  readonly roleSorter: Sorter<Role>;
  readonly frameworkSorters: SorterFactory;
  readonly filters: OfferFilters;
  readonly inverseOffers = new InverseOffers();
  readonly ledger: Ledger;
  readonly minimums: Minimums;
  readonly options: EngineOptions;
  /** Offer constraints in force, each with its memory of verdicts. */
  readonly constraintTests = new Set<ConstraintTest>();
  /** Numbers of clients given so far, from 1, and those that are free again. */
  clientCount = 0;
  readonly freeClientNumbers: number[] = [];
  /** Clients with smallest offers of their own. */
  readonly clientsWithMinimums = new Set<Client>();
  whitelist: ReadonlySet<string> | undefined;
  /** Rises with every fact that may let somebody be offered more than before. */
  changes = 1;
  /** Change number at which some client last began to want, or might accept, more. */
  clientsChangedAt = 0;
  /** Change number at which a limit or the headroom last became wider. */
  quotaLoosenedAt = 0;
  /** Cycles run so far. */
  runs = 0;

  constructor(options: EngineOptions) {
    this.options = options;
    const { names } = this;
    this.totals = new ClusterTotals(names, new Set(options.fairSharingExcludes));
    this.cluster = new ClusterTable(names, this.totals);
    const environment = { names, totals: this.totals, random: options.random };
    this.roleSorter = SORTERS[options.roleSorter ?? 'drf'].open(environment).create<Role>();
    this.frameworkSorters = SORTERS[options.frameworkSorter ?? 'drf'].open(environment);
    this.minimums = internMinimums(options.minAllocatable ?? DEFAULT_MIN_ALLOCATABLE, names);
    this.filters = new OfferFilters((options.allocationIntervalMs ?? 1000) * 1e6, ({ index }) => {
      this.cluster.settledAt[index] = 0;
    });
    this.ledger = new Ledger(this.cluster, this.roleSorter, () => {
      this.quotaLoosenedAt = ++this.changes;
    });
  }
}
