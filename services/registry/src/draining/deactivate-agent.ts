import { isPresentState } from '@tranche/contracts';
import type { AgentRoster } from '../agents/agent-roster.js';
import type { ChangeAgentState } from '../agents/change-agent-state.js';
import { isRegistered } from '../agents/known-agent.js';
import { DONE, type OrderOutcome, refused } from './operator-order.js';

/**
 * Takes agents out of offering and back in. Their tasks are not touched; the order holds over restarts and while the agent is away.
 *
 * @source operator API §2.4
 */
export class DeactivateAgent {
  constructor(
    private readonly roster: AgentRoster,
    private readonly changeState: ChangeAgentState,
  ) {}

  execute(agentId: string, isTrial = false): OrderOutcome {
    const known = this.roster.get(agentId);
    if (known === undefined || known.record.state === 'gone' || known.record.state === 'removed') {
      return refused('bad-request', 'Unknown agent');
    }
    if (isTrial) return DONE;
    const ordered = { ...known, record: { ...known.record, isDeactivated: true } };
    this.roster.put(ordered);
    this.changeState.execute(ordered, 'deactivated', 'deactivated by an operator');
    return DONE;
  }

  /** Ends a deactivation, and a drain that is complete. */
  reactivate(agentId: string, isTrial = false): OrderOutcome {
    const known = this.roster.get(agentId);
    if (known === undefined || known.record.isDeactivated !== true || known.record.state === 'gone') {
      return refused('bad-request', 'Agent is not deactivated');
    }
    if (known.record.drain?.state === 'draining') {
      return refused('bad-request', 'Agent is still in the DRAINING state');
    }
    const isThere = isRegistered(known) || (known.isRecovered && isPresentState(known.record.state));
    const outcome = isThere ? DONE : refused('conflict', 'Agent removed while processing the call');
    if (isTrial) return outcome;
    const { isDeactivated: _ended, drain: _drained, ...record } = known.record;
    const ordered = { ...known, record };
    this.roster.put(ordered);
    this.changeState.execute(ordered, 'activated', 'activated by an operator');
    return outcome;
  }
}
