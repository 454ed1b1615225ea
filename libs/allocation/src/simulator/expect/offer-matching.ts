import { equalByName, Resources } from '@tranche/resources';
import type { Offer } from '../world/offer.js';

/** Offers that are expected: without role or agent, the sum of all that match the rest. */
export interface ExpectedOffer {
  readonly framework: string;
  readonly role: string | undefined;
  readonly agent: string | undefined;
  readonly resources: Resources;
}

/**
 * Compares offers (or rescinds) with what is expected: each entry with the sum of what it stands for, and nothing beside.
 *
 * @param what `offers` or `rescinds`
 * @returns one finding for each difference; none when they are the same
 */
export function compareOffers(what: string, expected: readonly ExpectedOffer[], found: readonly Offer[]): string[] {
  const findings: string[] = [];
  const covered = new Set<Offer>();
  for (const entry of expected) {
    const meant = found.filter((offer) => isMeant(entry, offer));
    for (const offer of meant) covered.add(offer);
    const sum = meant.reduce((all, offer) => all.plus(offer.resources), Resources.EMPTY);
    if (equalByName(sum, entry.resources)) continue;
    findings.push(`${what}: expected ${describe(entry)}, found ${meant.length === 0 ? 'none' : textOf(sum)}`);
  }
  for (const offer of found) {
    if (!covered.has(offer)) findings.push(`${what}: expected no other, found ${describe(offer)}`);
  }
  return findings;
}

function isMeant(entry: ExpectedOffer, offer: Offer): boolean {
  return (
    offer.framework === entry.framework &&
    (entry.role === undefined || offer.role === entry.role) &&
    (entry.agent === undefined || offer.agent === entry.agent)
  );
}

function describe({ framework, role, agent, resources }: ExpectedOffer): string {
  const place = [role && ` in ${role}`, agent && ` on ${agent}`].filter(Boolean).join('');
  return `${framework}${place}: ${textOf(resources)}`;
}

function textOf(resources: Resources): string {
  return resources.toText() || 'nothing';
}
