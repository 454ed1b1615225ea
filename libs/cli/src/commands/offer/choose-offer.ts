import type { OfferView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { matchIds } from '../../names/match-things.js';
import { type AllMatchingFlag, type Candidates, chooseTargets } from '../../targets/choose-targets.js';

const CANDIDATES: Candidates<OfferView> = {
  kind: 'offer',
  nameOf: ({ agentHostname, frameworkName }) => `on ${agentHostname} to ${frameworkName}`,
  idOf: ({ id }) => id,
};

/** The outstanding offers that a changing command is meant for. @throws NotFoundError when there is none, or more than one without `--all-matching` */
export async function chooseOffers(context: CliContext, text: string, flags: AllMatchingFlag): Promise<OfferView[]> {
  return chooseTargets(await matchingOffers(context, text), text, CANDIDATES, flags);
}

/** @throws NotFoundError when there is none */
export async function matchingOffers({ api }: CliContext, text: string): Promise<OfferView[]> {
  const { items } = await api.list<OfferView>('/v1/offers');
  const things = items.map(({ id }) => ({ id, otherName: id }));
  const ids = matchIds(things, text, 'offer', 'tranche offer ls');
  return items.filter(({ id }) => ids.has(id));
}
