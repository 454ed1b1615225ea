import { cpusDetector } from './cpus.detector.js';
import type { Detector } from './detector.js';
import { diskDetector } from './disk.detector.js';
import { memDetector } from './mem.detector.js';
import { portsDetector } from './ports.detector.js';

/** In the order in which resources are listed. */
export const detectors: readonly Detector[] = [cpusDetector, memDetector, diskDetector, portsDetector];
