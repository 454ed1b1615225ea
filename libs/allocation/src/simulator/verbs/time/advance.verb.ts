import { readSpanNs } from '../../parse/parse-values.js';
import type { Verb } from '../verb.js';

/** Signed 64 bits of nanoseconds, as in the original: 292 years. */
const MAX_NS = 2 ** 63;

/** The clock moves on, and whatever falls due until then, and then, happens. */
export const advance: Verb = {
  name: 'advance',
  parse(fields) {
    const spanNs = fields.required('seconds', readSpanNs);
    return (simulation) => {
      const targetNs = simulation.clock.nowNs + spanNs;
      if (targetNs >= MAX_NS) throw fields.fault('seconds', 'the clock would pass 292 years');
      simulation.advanceTo(targetNs);
    };
  },
};
