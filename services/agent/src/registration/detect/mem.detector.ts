import { type Detector, shareOf } from './detector.js';

const MEBIBYTE = 1024 ** 2;
const GIBIBYTE = 1024 ** 3;

/** Memory in MB, less 1 GiB for the system, or half of it on small machines. @source Mesos 1.11: auto-detected resources */
export const memDetector: Detector = {
  name: 'mem',
  async detect({ machine, share }) {
    const total = machine.totalMemBytes();
    const offered = total >= 2 * GIBIBYTE ? total - GIBIBYTE : total / 2;
    const milli = shareOf(Math.floor(offered / MEBIBYTE), share) * 1000;
    return { name: 'mem', value: { kind: 'scalar', milli }, reservations: [] };
  },
};
