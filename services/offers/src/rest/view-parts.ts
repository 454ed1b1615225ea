import type { ClusterState } from '../cluster-state.js';

/** ISO 8601, UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

export const nameOfFramework = (state: ClusterState, frameworkId: string): string =>
  (state.frameworks.get(frameworkId) ?? state.frameworks.completed(frameworkId))?.record.info.name ?? '';
