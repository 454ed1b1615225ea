import type { OfferView } from '@tranche/contracts';
import { NotFoundError } from '../../cli.errors.js';
import type { CliContext } from '../../cli-context.js';
import { matchIds } from '../../names/match-things.js';

/** The one outstanding offer that a person means. @throws NotFoundError */
export async function chooseOffer({ api }: CliContext, text: string): Promise<OfferView> {
  const { items } = await api.list<OfferView>('/v1/offers');
  const ids = matchIds(
    items.map(({ id }) => ({ id, otherName: id })),
    text,
    'offer',
    'tranche offer ls',
  );
  const [offer, another] = items.filter(({ id }) => ids.has(id));
  if (offer !== undefined && another === undefined) return offer;
  throw new NotFoundError(`more than one offer matches "${text}"`, [...ids].slice(0, 5));
}
