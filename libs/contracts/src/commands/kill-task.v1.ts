import type { KillPolicy } from '@tranche/mesos-api';
import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';
import { document } from '../document.js';

/** End this task: SIGTERM, then SIGKILL after the grace period. Unknown task: the agent answers nothing. */
export const KillTaskV1 = command({
  name: 'kill-task',
  version: 1,
  owner: 'agent',
  item: Type.Object({
    frameworkId: Type.String(),
    taskId: Type.String(),
    /** Overrides the task's own. */
    killPolicy: Type.Optional(document<KillPolicy>()),
  }),
});
export type KillTask = ItemOf<typeof KillTaskV1>;
