import type { TaskView } from '@tranche/contracts';

const LIVE_STATES = new Set([
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_UNREACHABLE',
  'TASK_UNKNOWN',
]);

/** True while the task may still do something. */
export function isLive({ state }: Pick<TaskView, 'state'>): boolean {
  return LIVE_STATES.has(state);
}

/** `running` for `TASK_RUNNING`, `gone by operator` for `TASK_GONE_BY_OPERATOR`. */
export function stateWord(state: string): string {
  return state
    .replace(/^TASK_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** `TASK_RUNNING` for `running`, as a person types it for `--state`. */
export function stateOfWord(word: string): string {
  const upper = word.trim().toUpperCase().replace(/[ -]/g, '_');
  return upper.startsWith('TASK_') ? upper : `TASK_${upper}`;
}
