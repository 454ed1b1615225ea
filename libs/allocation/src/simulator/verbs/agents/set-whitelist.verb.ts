import { listOf, orNull, readId } from '../../parse/fields.js';
import type { Verb } from '../verb.js';

/** Only some hosts take part in cycles, or, with null, all (allocation rule A31). */
export const setWhitelist: Verb = {
  name: 'setWhitelist',
  parse(fields) {
    const hosts = fields.required('hosts', orNull(listOf(readId)));
    return (simulation) => {
      simulation.engine.setWhitelist(hosts ?? undefined);
    };
  },
};
