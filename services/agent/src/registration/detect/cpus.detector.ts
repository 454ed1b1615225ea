import { type Detector, shareOf } from './detector.js';

const ONE_CPU = 1000;

/**
 * Online CPUs. Agents that share a machine have one each at least: cpus are shares of time, and a task that wants one shall find it.
 *
 * @source Mesos 1.11: auto-detected resources; decision record 5
 */
export const cpusDetector: Detector = {
  name: 'cpus',
  async detect({ machine, share }) {
    const milli = Math.max(ONE_CPU, shareOf(machine.onlineCpus() * ONE_CPU, share));
    return { name: 'cpus', value: { kind: 'scalar', milli }, reservations: [] };
  },
};
