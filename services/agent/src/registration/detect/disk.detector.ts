import { type Detector, shareOf } from './detector.js';

const MEBIBYTE = 1024 ** 2;
const GIBIBYTE = 1024 ** 3;

/**
 * Disk of the work directory in MB, less 5 GiB for the system, or half of it when it is small.
 *
 * @source Mesos 1.11: auto-detected resources
 */
export const diskDetector: Detector = {
  name: 'disk',
  async detect({ machine, workDir, share }) {
    const total = await machine.fileSystemBytes(workDir);
    const offered = total >= 10 * GIBIBYTE ? total - 5 * GIBIBYTE : total / 2;
    const milli = shareOf(Math.floor(offered / MEBIBYTE), share) * 1000;
    return { name: 'disk', value: { kind: 'scalar', milli }, reservations: [] };
  },
};
