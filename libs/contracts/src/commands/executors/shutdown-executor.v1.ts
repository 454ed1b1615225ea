import { Type } from 'typebox';
import { command, type ItemOf } from '../../contract.js';

/**
 * A scheduler's SHUTDOWN: the executor gets its SHUTDOWN event, and its container is destroyed after its grace period.
 *
 * Sent by `offers` to the agent's queue. Unknown framework or executor: the agent answers nothing.
 */
export const ShutdownExecutorV1 = command({
  name: 'shutdown-executor',
  version: 1,
  owner: 'agent',
  item: Type.Object({ agentId: Type.String(), frameworkId: Type.String(), executorId: Type.String() }),
});
export type ShutdownExecutor = ItemOf<typeof ShutdownExecutorV1>;
