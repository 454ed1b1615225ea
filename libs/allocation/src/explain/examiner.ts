import { containsRanges, formatRanges, type Range, unionRanges } from '@tranche/resources';
import type { AgentRow } from '../cluster/agent-row.js';
import { containsEntries } from '../cluster/bundle-algebra.js';
import type { Kind } from '../cluster/kind-table.js';
import type { EngineState } from '../engine-state.js';
import { ConstraintTest } from '../frameworks/offer-constraints.js';
import { consumedOf } from '../roles/role.js';
import type { Asker } from './asker.js';
import {
  type Blocker,
  BLOCKER_CODES,
  type BlockerCode,
  type OutstandingOffer,
  type UnmetConstraint,
} from './explanation.js';
import { partsOf, resourceBlockers } from './resource-blockers.js';
import { type OfferedSlots, scratchOf } from './scratch.js';
import { addSum, quantitiesOf, type Sums } from './sums.js';
import { TRAIT_CODES } from './trait-codes.js';
import { attributeText, type Ignored, unmetAttributes, Workbench } from './workbench.js';

/** Tests that do not depend on amounts. */
const BESIDE_AMOUNTS: readonly BlockerCode[] = [
  'agent.excluded',
  ...TRAIT_CODES.map(([code]) => code),
  'shape.attribute',
  'shape.ports',
];
const ignoring = (...codes: BlockerCode[]): Ignored => new Set([...BESIDE_AMOUNTS, ...codes]);

/** Tests of one kind each, on agents as they are or as if everything were free. */
interface Benches {
  /** Nothing but the size. */
  readonly bare: Workbench;
  readonly stripped: Workbench;
  readonly limited: Workbench;
  readonly heldBack: Workbench;
  readonly bounded: Workbench;
}

/** Finds all obstacles on one agent, each tested by itself with what the cycle tests it with. */
export class Examiner {
  readonly #full: Workbench;
  readonly #asItIs: Benches;
  /** An agent with nothing free can still tell whether quota or a refusal would be next. */
  readonly #asIfFree: Benches;
  readonly #constraintTests = new Map<object, ConstraintTest>();

  constructor(
    private readonly state: EngineState,
    private readonly asker: Asker,
    private readonly offered: OfferedSlots,
    private readonly nowNs: number,
  ) {
    const { client, shape } = asker;
    const asItIs = scratchOf(state, { inUse: false, offered: false }, offered);
    const asIfFree = scratchOf(state, { inUse: true, offered: true }, offered);
    this.#full = new Workbench(asItIs, client, shape, new Set());
    this.#asItIs = benchesOn(asItIs, asker);
    this.#asIfFree = benchesOn(asIfFree, asker);
  }

  /** @param offers outstanding ones of this agent */
  examine(row: AgentRow, offers: readonly OutstandingOffer[]): Blocker[] {
    if (this.#full.wouldOfferAny(row)) return [];
    const { state, offered } = this;
    const { client, shape } = this.asker;
    const parts = partsOf(state, row, client.role.lineage, offered);
    const blockers = [
      ...this.#excluded(row),
      ...resourceBlockers(state, row, client, shape, parts, offers),
      ...this.#traits(row),
      ...this.#amounts(row),
      ...this.#shape(row),
    ];
    return blockers.sort((a, b) => BLOCKER_CODES.indexOf(a.code) - BLOCKER_CODES.indexOf(b.code));
  }

  /** Sums by name of what would be offered of the agent if there were no quota. */
  sumsOf(row: AgentRow): Sums {
    this.#asItIs.stripped.wouldOfferAny(row);
    return this.#asItIs.stripped.offerSums();
  }

  /** What quota keeps back of an agent, given what the role holds on the bench. */
  quotaBlocker(bench: Workbench, sums: Sums): Blocker {
    const bounds = [...(bench.client.role.quota?.limits ?? [])].flatMap(([name, limit]) => {
      const used = consumedOf(bench.client.role, name);
      return limit - used < (sums[name] ?? 0) ? [{ name: this.state.names.nameOf(name), used, limit }] : [];
    });
    return bounds.length > 0 ? { code: 'quota.limit', role: bench.client.role.name, bounds } : this.#headroom(bench);
  }

  #excluded(row: AgentRow): Blocker[] {
    const { constraints } = this.asker.client;
    if (constraints === undefined || constraints.accepts(row)) return [];
    const unmet = constraints.groups.flatMap((group): UnmetConstraint[] => {
      const constraint = group.find((one) => !this.#testOf(one).accepts(row));
      if (constraint === undefined) return [];
      const { selector } = constraint;
      const has = attributeText(row, 'attribute' in selector ? selector.attribute : selector.pseudo);
      return [has === undefined ? { constraint } : { constraint, has }];
    });
    return [{ code: 'agent.excluded', unmet }];
  }

  #testOf(constraint: UnmetConstraint['constraint']): ConstraintTest {
    const known = this.#constraintTests.get(constraint) ?? new ConstraintTest([[constraint]]);
    this.#constraintTests.set(constraint, known);
    return known;
  }

  #traits(row: AgentRow): Blocker[] {
    const refused = (this.state.cluster.traits[row.index] as number) & this.asker.client.refusedTraits;
    return TRAIT_CODES.flatMap(([code, trait]) => ((refused & trait) === 0 ? [] : [{ code }]));
  }

  /** Stripping, quota and refusals: on what is free, or on everything when that would not do anyway. */
  #amounts(row: AgentRow): Blocker[] {
    const benches = [this.#asItIs, this.#asIfFree].find(({ bare }) => bare.wouldOfferAny(row));
    if (benches === undefined) return [];
    const { bare, stripped } = benches;
    if (!stripped.wouldOfferAny(row)) return [...this.#stripped(row, bare), ...this.#refusal(row, bare)];
    const sums = stripped.offerSums();
    const quota = this.#quota(row, benches, sums);
    return [...quota, ...this.#refusal(row, quota.length === 0 ? benches.bounded : stripped)];
  }

  #stripped(row: AgentRow, bare: Workbench): Blocker[] {
    const { framework } = this.asker.client;
    const sums: Sums = [];
    const kinds = new Set<'shared' | 'revocable' | 'refined'>();
    row.bundle.kinds.forEach((kind, i) => {
      const why =
        (kind.isShared && framework.stripsShared && 'shared') ||
        (kind.isRevocable && framework.stripsRevocable && 'revocable') ||
        (kind.isRefined && framework.stripsRefined && 'refined');
      if (!why || (bare.visit.offer[i] ?? 0) === 0) return;
      kinds.add(why);
      addSum(sums, kind.name, row.bundle.milli[i] as number);
    });
    return [{ code: 'capability.stripped', kinds: [...kinds], resources: quantitiesOf(sums, this.state.names) }];
  }

  #quota(row: AgentRow, { limited, heldBack, bounded }: Benches, sums: Sums): Blocker[] {
    if (bounded.wouldOfferAny(row)) return [];
    const byLimit = !limited.wouldOfferAny(row);
    const byHeadroom = !heldBack.wouldOfferAny(row);
    const isJoint = !byLimit && !byHeadroom;
    const blockers: Blocker[] = [];
    if (byLimit || isJoint) blockers.push(this.quotaBlocker(limited, sums));
    if (byHeadroom || isJoint) blockers.push(this.#headroom(heldBack));
    return blockers;
  }

  #headroom({ headroom, state }: Workbench): Blocker {
    const { names } = state;
    const lacking = Array.from(state.roles.withQuota, (role) => {
      const sums = (role.quota?.guarantees ?? []).map((milli, name) => milli - consumedOf(role, name));
      return { role: role.name, resources: quantitiesOf(sums, names) };
    }).filter(({ resources }) => !resources.isEmpty);
    return {
      code: 'quota.headroom',
      lacking,
      available: quantitiesOf([...headroom.available].slice(0, names.count), names),
    };
  }

  /** @param bench what would be offered without the refusal is composed anew on it */
  #refusal(row: AgentRow, bench: Workbench): Blocker[] {
    const { client } = this.asker;
    if (!row.filters.some((filter) => filter.client === client) || !bench.wouldOfferAny(row)) return [];
    const { visit } = bench;
    const { kinds, free } = bench.state.cluster.slots;
    const refusals = row.filters.filter(
      (filter) =>
        filter.client === client &&
        containsEntries(filter.bundle, { kinds, values: free }, visit.start, visit.size, visit.offer),
    );
    const last = refusals.reduce((a, b) => (b.endNs > a.endNs ? b : a), refusals[0] as (typeof refusals)[number]);
    if (refusals.length === 0) return [];
    const sums: Sums = [];
    last.bundle.kinds.forEach(({ name }, i) => addSum(sums, name, last.bundle.milli[i] as number));
    const endsInMs = Math.max(0, Math.ceil((last.endNs - this.nowNs) / 1e6));
    return [{ code: 'filter.declined', declined: quantitiesOf(sums, this.state.names), endsInMs }];
  }

  #shape(row: AgentRow): Blocker[] {
    const { shape } = this.asker;
    if (shape === undefined) return [];
    const blockers: Blocker[] = [];
    const unmet = unmetAttributes(shape, row);
    if (unmet.length > 0) blockers.push({ code: 'shape.attribute', unmet });
    const free = this.#freePorts(row);
    if (shape.ports !== undefined && !containsRanges(free, shape.ports)) {
      blockers.push({ code: 'shape.ports', asked: formatRanges(shape.ports), free: formatRanges(free) });
    }
    return blockers;
  }

  #freePorts({ index }: AgentRow): readonly Range[] {
    const { cluster, names } = this.state;
    const start = cluster.start[index] as number;
    let free: readonly Range[] = [];
    for (let slot = start; slot < start + (cluster.size[index] as number); slot++) {
      const kind = cluster.slots.kinds[slot] as Kind;
      const value = cluster.slots.free[slot];
      const isOwn = kind.role === undefined || this.asker.client.role.lineage.includes(kind.role);
      if (isOwn && names.nameOf(kind.name) === 'ports' && value?.kind === 'ranges')
        free = unionRanges(free, value.ranges);
    }
    return free;
  }
}

function benchesOn(state: EngineState, { client, shape }: Asker): Benches {
  const bench = (...codes: BlockerCode[]): Workbench =>
    new Workbench(state, client, shape, ignoring('filter.declined', ...codes));
  return {
    bare: bench('capability.stripped', 'quota.limit', 'quota.headroom'),
    stripped: bench('quota.limit', 'quota.headroom'),
    limited: bench('quota.headroom'),
    heldBack: bench('quota.limit'),
    bounded: bench(),
  };
}
