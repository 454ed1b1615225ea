import type { OperateAgent, OperateAnswer } from '@tranche/contracts';

/** Who does operations on what is free on agents. */
export interface AgentOperations {
  /** Never rejects: who cannot be asked is `unavailable`. */
  operate(request: OperateAgent): Promise<OperateAnswer>;
}
