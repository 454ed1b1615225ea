import { type Amounts, amountsText, isSame, NOTHING } from './amounts.js';

/** Sums by agent id; who has nothing of an agent need not name it. */
type Sums = ReadonlyMap<string, Amounts>;

/** What each keeper of books says at about the same time. */
export interface Books {
  /** What the allocator believes to be held: offered or in use. */
  readonly allocator: Sums;
  /** What `offers` has in offers and in tasks that have not ended, and in those tasks alone. */
  readonly offers: { readonly all: Sums; readonly tasks: Sums };
  /** What the registry's view of agents shows as offered or used. */
  readonly registry: Sums;
  /** What each agent runs. */
  readonly agents: Sums;
}

/** @returns by agent id, where two differ and in what, for people; agents of which all say the same are left out */
export function disagreements({ allocator, offers, registry, agents }: Books): Map<string, string> {
  const ids = new Set([allocator, offers.all, registry, agents].flatMap((sums) => [...sums.keys()]));
  const found = new Map<string, string>();
  for (const id of ids) {
    const of = (sums: Sums): Amounts => sums.get(id) ?? NOTHING;
    const texts = [
      differs('the allocator', of(allocator), 'offers', of(offers.all)),
      differs('the registry', of(registry), 'offers', of(offers.all)),
      differs('the agent', of(agents), 'tasks of offers', of(offers.tasks)),
    ].filter((text) => text !== undefined);
    if (texts.length > 0) found.set(id, `of ${id} ${texts.join('; ')}`);
  }
  return found;
}

const differs = (who: string, has: Amounts, other: string, otherHas: Amounts): string | undefined =>
  isSame(has, otherHas) ? undefined : `${who} counts ${amountsText(has)}, ${other} ${amountsText(otherHas)}`;
