import { type Fields, readId } from '../../parse/fields.js';
import { readRole } from '../../parse/parse-values.js';
import type { Offer } from '../../offer-book.js';
import type { Simulation } from '../../simulation.js';
import { knownAgent, knownFramework } from '../known.js';

/** The fields that say which offers are meant. */
export interface OfferFields {
  readonly frameworkId: string;
  readonly agentId: string | undefined;
  readonly role: string | undefined;
}

export function readOfferFields(fields: Fields, isAgentRequired: boolean): OfferFields {
  return {
    frameworkId: fields.required('framework', readId),
    agentId: isAgentRequired ? fields.required('agent', readId) : fields.optional('agent', readId),
    role: fields.optional('role', readRole),
  };
}

/** The outstanding offers that are meant. @throws ScenarioFault when there are none */
export function findOffers(simulation: Simulation, fields: Fields, query: OfferFields): Offer[] {
  const { frameworkId, agentId, role } = query;
  knownFramework(simulation, fields, 'framework', frameworkId);
  if (agentId !== undefined) knownAgent(simulation, fields, 'agent', agentId);
  const offers = simulation.offers.find(query);
  if (offers.length > 0) return offers;
  const place = [agentId !== undefined && ` on ${agentId}`, role !== undefined && ` in ${role}`]
    .filter(Boolean)
    .join('');
  throw fields.fault('framework', `${frameworkId} has no outstanding offer${place}`);
}

/** The one role of all these offers. @throws ScenarioFault when they are for several */
export function onlyRole(fields: Fields, offers: readonly Offer[]): string {
  return onlyOne(fields, 'role', new Set(offers.map(({ role }) => role)));
}

/** The one agent of all these offers. @throws ScenarioFault when they are of several */
export function onlyAgent(fields: Fields, offers: readonly Offer[]): string {
  return onlyOne(fields, 'agent', new Set(offers.map(({ agentId }) => agentId)));
}

/** @throws ScenarioFault unless there is exactly one choice */
export function onlyOne(fields: Fields, field: string, choices: ReadonlySet<string>): string {
  const [only] = choices;
  if (only !== undefined && choices.size === 1) return only;
  throw fields.fault(field, `must be given, as there are several: ${[...choices].join(', ')}`);
}
