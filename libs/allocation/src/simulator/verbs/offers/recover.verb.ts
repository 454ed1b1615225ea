import { resolveReference, type Resources } from '@tranche/resources';
import { readNumber } from '../../parse/fields.js';
import { readResources } from '../../parse/parse-values.js';
import { knownAgent, knownFramework } from '../known.js';
import type { Verb } from '../verb.js';
import { onlyOne, readOfferFields } from './find-offers.js';

/** Resources in use come back, as a task ended (allocation rule A69). */
export const recover: Verb = {
  name: 'recover',
  parse(fields) {
    const { frameworkId, agentId: id, role: named } = readOfferFields(fields, true);
    const agentId = id as string;
    const wanted = fields.required('resources', readResources);
    const refuseSeconds = fields.optional('refuse', readNumber);
    return (simulation) => {
      knownAgent(simulation, fields, 'agent', agentId);
      const roles = simulation.inUse.rolesOf(frameworkId, agentId);
      // What agents report as used may be given back before its framework is there.
      if (roles.size === 0) knownFramework(simulation, fields, 'framework', frameworkId);
      if (roles.size === 0) throw fields.fault('resources', `${frameworkId} uses nothing on ${agentId}`);
      const role = named ?? onlyOne(fields, 'role', new Set(roles.keys()));
      const used = roles.get(role);
      if (used === undefined) throw fields.fault('role', `${frameworkId} uses nothing in ${role} on ${agentId}`);
      const resources: Resources | undefined = resolveReference(used, wanted);
      if (resources === undefined) {
        throw fields.fault('resources', `${wanted.toText()} is more than is in use: ${used.toText()}`);
      }
      const holding = { frameworkId, role, agentId, resources };
      simulation.inUse.remove(holding);
      if (!resources.isEmpty) simulation.recover(holding, refuseSeconds);
    };
  },
};
