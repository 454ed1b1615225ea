import type { Client } from '../frameworks/framework.js';
import type { Minimums } from './minimums.js';
import type { Stage } from './stage.js';
import type { Visit } from './visit.js';

/**
 * Puts one client to the tests of an agent whose role has been entered; what passes them is composed in the visit.
 *
 * @param filteredAs whose refusals count; the client's own
 * @source allocation rule A39, tests 1 and 3 to 8
 */
export function passesTests(
  visit: Visit,
  stage: Stage,
  client: Client,
  minimums: Minimums,
  filteredAs: Client = client,
): boolean {
  if ((visit.traits & client.refusedTraits) !== 0) return false;
  if (client.constraints !== undefined && !client.constraints.accepts(visit.row)) return false;
  if (!visit.isWorthOffering(minimums)) return false;
  visit.compose(client);
  return stage.compose(visit, client) && visit.offerIsWorthMaking(minimums) && !visit.isRefused(filteredAs);
}
