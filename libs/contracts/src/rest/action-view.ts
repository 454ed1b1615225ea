import type { BlockerView } from './explanation-view.js';

export const ACTION_STATES = ['running', 'done', 'failed', 'cancelled'] as const;

/** `GET /v1/actions/ID`, items of `GET /v1/actions`: work that takes its time. Served by `registry`. Times ISO 8601 UTC. */
export interface ActionView {
  id: string;
  /** `drain`: an agent is emptied. */
  kind: 'drain';
  state: 'running' | 'done' | 'failed' | 'cancelled';
  agentId: string;
  agentHostname: string;
  progress: { done: number; total: number; unit: 'tasks' };
  /** While it runs: what is waited for. */
  blockers: BlockerView[];
  /** Why it has failed. */
  error?: BlockerView;
  /** Whether `DELETE` would take it back now. */
  isCancellable: boolean;
  startedAt: string;
  endedAt?: string;
}
