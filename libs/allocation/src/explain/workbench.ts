import { containsRanges } from '@tranche/resources';
import type { AgentRow } from '../cluster/agent-row.js';
import type { Kind } from '../cluster/kind-table.js';
import type { EngineState } from '../engine-state.js';
import type { Client } from '../frameworks/framework.js';
import { Headroom } from '../roles/headroom.js';
import type { Role } from '../roles/role.js';
import { Bounds } from '../steps/bounds.js';
import { passesTests } from '../steps/eligibility.js';
import { FairShareStage } from '../steps/fair-share.js';
import { QuotaGuaranteeStage } from '../steps/quota-guarantee.js';
import type { Stage } from '../steps/stage.js';
import { Visit } from '../steps/visit.js';
import type { BlockerCode, Shape } from './explanation.js';
import { TRAIT_CODES } from './trait-codes.js';
import { addSum, coversQuantities, type Sums } from './sums.js';

/** Somebody before the asker in the order: a copy whose role counts what it takes here, and itself, to whom its refusals belong. */
export interface Contender {
  readonly client: Client;
  readonly real: Client;
}

/** Obstacles that are thought away. */
export type Ignored = ReadonlySet<BlockerCode>;

/** Whose refusals count when refusals are thought away: no client of the engine, so it has none. Never read but compared. */
const NOBODY = {} as Client;

export const NOTHING_IGNORED: Ignored = new Set();

/**
 * The stages of a cycle on a scratch state, set up for one asker: its role's consumption is counted here, and obstacles can be
 * thought away by giving it a role without limits, a framework with every capability, and so on.
 */
export class Workbench {
  readonly visit: Visit;
  readonly headroom: Headroom;
  /** In the order in which a cycle runs them. */
  readonly stages: readonly Stage[];
  /** The asker as the tests see it. */
  readonly client: Client;

  constructor(
    readonly state: EngineState,
    readonly asker: Client,
    readonly shape: Shape | undefined,
    private readonly ignored: Ignored,
  ) {
    this.visit = new Visit(state);
    this.headroom = new Headroom(state);
    const bounds = new Bounds(state);
    this.stages = [
      new QuotaGuaranteeStage(state, bounds, this.headroom),
      new FairShareStage(state, bounds, this.headroom),
    ];
    this.client = thinkAway(state, asker, ignored);
    this.begin();
  }

  /** Begins a cycle anew; what has been taken stays taken. */
  begin(): void {
    this.visit.begin();
    this.headroom.begin();
    if (this.ignored.has('quota.headroom')) this.headroom.required.fill(0);
  }

  /** Whether the agent, as it is on this bench, would be offered to the asker in this stage. The offer is composed in the visit. */
  wouldOffer(stage: Stage, row: AgentRow): boolean {
    const { visit, client } = this;
    if (this.state.cluster.freeSlots[row.index] === 0 || !stage.isEligible(client.role)) return false;
    visit.enter(row);
    if (!visit.enterRole(client.role)) return false;
    const minimums = client.minimums ?? this.state.minimums;
    const filteredAs = this.ignored.has('filter.declined') ? NOBODY : this.asker;
    return passesTests(visit, stage, client, minimums, filteredAs) && this.#fitsShape();
  }

  /** The same for a cycle with all its stages. */
  wouldOfferAny(row: AgentRow): boolean {
    return this.stages.some((stage) => this.wouldOffer(stage, row));
  }

  /** Offers the agent to somebody else, who takes it if it passes the tests. @returns whether it did */
  offerTo({ client, real }: Contender, stage: Stage, row: AgentRow): boolean {
    const { visit } = this;
    if (this.state.cluster.freeSlots[row.index] === 0 || !stage.isEligible(client.role)) return false;
    visit.enter(row);
    if (!visit.enterRole(client.role)) return false;
    if (!passesTests(visit, stage, client, client.minimums ?? this.state.minimums, real)) return false;
    this.take(stage, row, client.role);
    return true;
  }

  /** The composed offer is made: it is no longer free, and counts against the role's quota. */
  take(stage: Stage, { index }: AgentRow, role: Role): void {
    const { visit } = this;
    const { cluster } = this.state;
    const bundle = visit.toBundle();
    for (let i = 0; i < visit.size; i++) {
      const slot = visit.start + i;
      const kind = cluster.slots.kinds[slot] as Kind;
      const milli = visit.offer[i] as number;
      if (milli === 0 || kind.isShared) continue;
      cluster.slots.held[slot] = (cluster.slots.held[slot] as number) + milli;
      if (cluster.freeMilli(slot) === 0) cluster.freeSlots[index] = (cluster.freeSlots[index] as number) - 1;
      if (kind.isBounded) addSum(role.unreservedHeld, kind.name, milli);
    }
    stage.hasGiven(visit);
    visit.hasGiven(bundle);
  }

  /** Sums by name of the composed offer. */
  offerSums(): Sums {
    const { visit } = this;
    const sums: Sums = [];
    for (let i = 0; i < visit.size; i++) {
      const milli = visit.offer[i] as number;
      if (milli > 0) addSum(sums, (this.state.cluster.slots.kinds[visit.start + i] as Kind).name, milli);
    }
    return sums;
  }

  #fitsShape(): boolean {
    const { shape } = this;
    if (shape === undefined) return true;
    const isBigEnough =
      this.ignored.has('shape.too_big') || coversQuantities(this.offerSums(), shape.quantities, this.state.names);
    const hasAttributes = this.ignored.has('shape.attribute') || unmetAttributes(shape, this.visit.row).length === 0;
    return isBigEnough && hasAttributes && (this.ignored.has('shape.ports') || this.#hasPorts());
  }

  #hasPorts(): boolean {
    const { visit, shape } = this;
    if (shape?.ports === undefined) return true;
    const { kinds, free } = this.state.cluster.slots;
    for (let i = 0; i < visit.size; i++) {
      const slot = visit.start + i;
      const value = free[slot];
      const isOffered =
        (visit.offer[i] as number) > 0 && this.state.names.nameOf((kinds[slot] as Kind).name) === 'ports';
      if (isOffered && value?.kind === 'ranges' && containsRanges(value.ranges, shape.ports)) return true;
    }
    return false;
  }
}

/** Attributes of the shape that the agent does not have, and what it has instead. */
export function unmetAttributes(
  { attributes = {} }: Shape,
  row: AgentRow,
): { name: string; asked: string; has?: string }[] {
  return Object.entries(attributes).flatMap(([name, asked]) => {
    const has = attributeText(row, name);
    return has === asked ? [] : [{ name, asked, ...(has === undefined ? {} : { has }) }];
  });
}

/** An attribute's value as people write it: `hostname`, `region` and `zone` count as attributes. */
export function attributeText({ hostname, domain, attributes }: AgentRow, name: string): string | undefined {
  const attribute = attributes.find((one) => one.name === name);
  if (attribute !== undefined) return attribute.text?.value ?? scalarText(attribute);
  if (name === 'hostname') return hostname;
  return name === 'region' || name === 'zone' ? domain?.[name] : undefined;
}

function scalarText(attribute: object): string | undefined {
  const { scalar } = attribute as { scalar?: { value: number | string } };
  return scalar === undefined ? undefined : String(scalar.value);
}

function thinkAway(state: EngineState, asker: Client, ignored: Ignored): Client {
  const has = (code: BlockerCode): boolean => ignored.has(code);
  const { framework } = asker;
  const strips = !has('capability.stripped');
  return {
    ...asker,
    role: roleWithout(state, asker.role, ignored),
    framework: {
      ...framework,
      stripsShared: strips && framework.stripsShared,
      stripsRevocable: strips && framework.stripsRevocable,
      stripsRefined: strips && framework.stripsRefined,
    },
    refusedTraits: asker.refusedTraits & ~ignoredTraits(ignored),
    minimums: has('agent.below_minimum') ? [] : asker.minimums,
    constraints: has('agent.excluded') ? undefined : asker.constraints,
  };
}

/** The asker's role with consumption of its own, so that trying things out does not count. */
function roleWithout(state: EngineState, role: Role, ignored: Ignored): Role {
  const quota =
    role.quota !== undefined && ignored.has('quota.limit')
      ? { ...role.quota, limits: new Map<number, number>(), hasLimits: false }
      : role.quota;
  const lineage = ignored.has('agent.reserved') ? Array.from(state.roles.values(), ({ name }) => name) : role.lineage;
  return { ...role, quota, lineage, unreservedHeld: [...role.unreservedHeld] };
}

function ignoredTraits(ignored: Ignored): number {
  let traits = 0;
  for (const [code, trait] of TRAIT_CODES) if (ignored.has(code)) traits |= trait;
  return traits;
}
