import type { CheckpointStore } from './checkpoint/checkpoint.port.js';
import type { Containerizer } from './containerizer/containerizer.js';
import type { VolumeStore } from './volumes/volume-store.port.js';

/**
 * Where something can be put around the agent's ways to the disk and to the node. Nothing is, but by fault tests: they end the process at a
 * step of their choice, and the agent itself knows of no steps.
 */
export interface AgentSeams {
  readonly containerizer?: (inner: Containerizer) => Containerizer;
  readonly store?: (inner: CheckpointStore) => CheckpointStore;
  readonly volumes?: (inner: VolumeStore) => VolumeStore;
}
