import { type ApiRefusal, capabilitiesOf, rolesOf, validateFrameworkInfo } from '@tranche/mesos-api';
import type { OffersContext } from '../offers-context.js';
import { rescindOffer } from '../offers/return-offer.js';
import { registrationDenial } from './check-permits.js';
import { principalError, rolesError } from './check-terms.js';
import type { Framework, FrameworkTerms } from './framework.js';
import { updated } from './framework-state.js';

/**
 * UPDATE_FRAMEWORK: everything that a framework said of itself is replaced; what it leaves out is cleared. Offers in roles that it gave up
 * are rescinded.
 *
 * @returns why not: 400, or 403; undefined when done
 * @source scheduler API §4; texts of Mesos 1.11
 */
export function updateFramework(
  context: Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'agents' | 'authorizer'>,
  framework: Framework,
  terms: FrameworkTerms,
): ApiRefusal | undefined {
  const roles = rolesOf(terms.info);
  const error = updateError(framework, terms, roles);
  if (error !== undefined) return { kind: 'bad-request', message: error };
  const { frameworkId } = framework;
  const denial = registrationDenial(context.authorizer, frameworkId, terms.info, roles);
  if (denial !== undefined) return { kind: 'forbidden', message: denial };
  framework.record = updated(framework.record, terms);
  framework.capabilities = capabilitiesOf(framework.record.info);
  for (const offer of context.state.offers.ofFramework(frameworkId)) {
    if (!roles.includes(offer.record.role)) rescindOffer(context, offer);
  }
  context.changes.framework(framework.record);
  const agentIds = new Set([...context.state.tasks.ofFramework(frameworkId)].map(({ record }) => record.agentId));
  for (const agentId of agentIds) {
    context.agents.updateFramework(agentId, { frameworkId, framework: framework.record.info });
  }
  return undefined;
}

function updateError(framework: Framework, terms: FrameworkTerms, roles: readonly string[]): string | undefined {
  const invalid = validateFrameworkInfo(terms.info);
  if (invalid !== undefined) return `Supplied FrameworkInfo is not valid: ${invalid}`;
  const fixed = principalError(framework, terms) ?? immutableError(framework, terms);
  if (fixed !== undefined) return `FrameworkInfo update is not valid: ${fixed}`;
  const wrong = rolesError(roles, terms.suppressedRoles, terms.offerConstraints);
  return wrong === undefined ? undefined : `'UpdateFramework' call is not valid: ${wrong}`;
}

function immutableError({ record }: Framework, { info }: FrameworkTerms): string | undefined {
  const unsupported = (field: string, from: string | boolean, to: string | boolean): string =>
    `Updating 'FrameworkInfo.${field}' is unsupported; attempted to update from '${from}' to '${to}'`;
  if (info.user !== record.info.user) return unsupported('user', record.info.user, info.user);
  const [before, after] = [record.info.checkpoint ?? false, info.checkpoint ?? false];
  return before === after ? undefined : unsupported('checkpoint', before, after);
}
