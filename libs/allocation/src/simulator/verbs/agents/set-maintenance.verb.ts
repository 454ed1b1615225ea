import type { Unavailability } from '../../../engine.js';
import { type Fields, orNull, readId } from '../../parse/fields.js';
import { readSecondsNs, readSpanNs } from '../../parse/parse-values.js';
import { knownAgent } from '../known.js';
import type { Verb } from '../verb.js';

/** An agent is to be taken out of service, or no longer (allocation rules A75, A77). */
export const setMaintenance: Verb = {
  name: 'setMaintenance',
  parse(fields) {
    const agentId = fields.required('agent', readId);
    const unavailability = readSchedule(fields);
    return (simulation) => {
      knownAgent(simulation, fields, 'agent', agentId);
      simulation.rescindAll({ agentId });
      simulation.forgetInverseOffers({ agentId });
      simulation.engine.setMaintenance(agentId, unavailability);
    };
  },
};

function readSchedule(fields: Fields): Unavailability | undefined {
  const startNs = fields.optional('start', orNull(readSecondsNs)) ?? undefined;
  const durationNs = fields.optional('duration', orNull(readSpanNs)) ?? undefined;
  if (startNs === undefined && durationNs !== undefined) throw fields.fault('duration', 'needs a start');
  if (startNs === undefined) return undefined;
  return durationNs === undefined ? { startNs } : { startNs, durationNs };
}
