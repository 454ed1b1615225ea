import { queueOf, ShutdownAgentV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { AgentLiveness } from '../agents/agent-liveness.js';
import type { AgentRoster } from '../agents/agent-roster.js';
import type { ChangeAgentState } from '../agents/change-agent-state.js';
import type { OnUntold } from './drain-agent.js';
import { DONE, type OrderOutcome, refused } from './operator-order.js';

/**
 * Declares an agent gone, for ever: its tasks are answered for at once, it is told to end, and refused should it come back.
 *
 * @source operator API §2.4
 */
export class MarkAgentGone {
  constructor(
    private readonly roster: AgentRoster,
    private readonly liveness: AgentLiveness,
    private readonly changeState: ChangeAgentState,
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly onUntold: OnUntold,
  ) {}

  /**
   * @param reason for people; frameworks get it with their tasks' last update
   * @param isTrial only says whether it would be done
   */
  execute(agentId: string, reason = 'declared gone by an operator', isTrial = false): OrderOutcome {
    const known = this.roster.get(agentId);
    if (known === undefined) return refused('not-found', `Agent '${agentId}' not found`);
    if (known.record.state === 'gone' || isTrial) return DONE;
    this.changeState.execute(known, 'gone', reason);
    this.liveness.forget(agentId);
    // Not there to be told: it is refused when it comes back.
    this.bus.send(ShutdownAgentV1, queueOf('agent', agentId), [{ agentId, reason }]).catch((error: unknown) => {
      this.onUntold(agentId, error);
    });
    return DONE;
  }
}
