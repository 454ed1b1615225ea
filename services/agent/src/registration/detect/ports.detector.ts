import type { Detector } from './detector.js';

const FIRST_PORT = 31_000;
const LAST_PORT = 32_000;
const HIGHEST_PORT = 65_535;
const PORTS_EACH = 1_000;

/**
 * The ports that tasks may be given. Agents that share a machine share its addresses: each has a range of its own.
 *
 * @source Mesos 1.11: auto-detected resources; decision record 5
 */
export const portsDetector: Detector = {
  name: 'ports',
  async detect({ share: { index, of } }) {
    const each = Math.min(PORTS_EACH, Math.floor((HIGHEST_PORT - FIRST_PORT + 1) / of));
    const begin = FIRST_PORT + index * each;
    const end = of === 1 ? LAST_PORT : begin + each - 1;
    return { name: 'ports', value: { kind: 'ranges', ranges: [{ begin, end }] }, reservations: [] };
  },
};
