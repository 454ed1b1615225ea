import { type DrainRecord, DrainAgentV1, isPresentState, queueOf } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Clock } from '@tranche/telemetry';
import type { AgentRoster } from '../agents/agent-roster.js';
import type { ChangeAgentState } from '../agents/change-agent-state.js';
import { isRegistered, type KnownAgent } from '../agents/known-agent.js';
import type { MarkAgentGone } from './mark-agent-gone.js';
import { DONE, type OrderOutcome, refused } from './operator-order.js';

export interface DrainTerms {
  /** Longest time from SIGTERM to SIGKILL; absent: what each task allows itself. */
  readonly maxGraceMs?: number;
  /** Declared gone when it is empty. */
  readonly markGone: boolean;
  /** That live there now; absent when nobody has counted. */
  readonly tasks?: number;
}

/** An agent that cannot be told now is told when it registers. */
export type OnUntold = (agentId: string, error: unknown) => void;

/**
 * Empties agents: no offers of them, no new tasks, the tasks there are end within a grace; what they held is offered elsewhere.
 *
 * The order is kept with the agent: it holds over restarts of the registry and of the agent, and while the agent is away.
 *
 * @source operator API §2.4
 */
export class DrainAgent {
  constructor(
    private readonly roster: AgentRoster,
    private readonly changeState: ChangeAgentState,
    private readonly markGone: MarkAgentGone,
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly clock: Clock,
    private readonly onUntold: OnUntold,
  ) {}

  /** Repeated with other terms it replaces those from before; the time it began stays. */
  execute(agentId: string, terms: DrainTerms, isTrial = false): OrderOutcome {
    const known = this.roster.get(agentId);
    if (known === undefined || !isDrainable(known)) return refused('bad-request', 'Unknown agent');
    if (isRegistered(known) && !known.record.capabilities.includes('AGENT_DRAINING')) {
      return refused('bad-request', `Agent ${agentId} is not capable of draining`);
    }
    // Two plans for one machine would contradict each other: maintenance asks frameworks to go in their time, a drain ends their tasks.
    if (isRegistered(known) && known.record.unavailability !== undefined) {
      return refused('bad-request', `Agent ${agentId} is part of a maintenance schedule`);
    }
    const drain: DrainRecord = {
      state: 'draining',
      markGone: terms.markGone,
      ...(terms.maxGraceMs === undefined ? {} : { maxGraceMs: terms.maxGraceMs }),
      startedAtMs: known.record.drain?.startedAtMs ?? this.clock.nowMs(),
      ...tasksAtStart(known.record.drain, terms),
    };
    const ordered = { ...known, record: { ...known.record, isDeactivated: true, drain } };
    if (isTrial) return DONE;
    this.roster.put(ordered);
    const reason = 'being drained by an operator';
    if (this.changeState.execute(ordered, 'deactivated', reason) === undefined)
      this.changeState.drainMoved(ordered, reason);
    if (isRegistered(ordered)) this.tell(agentId, drain);
    return DONE;
  }

  /** An agent has registered: if it is still to be emptied, it is told (again). */
  remind(agentId: string): void {
    const drain = this.roster.get(agentId)?.record.drain;
    if (drain?.state === 'draining') this.tell(agentId, drain);
  }

  /** An agent says that it is empty. */
  drained(agentId: string): void {
    const known = this.roster.get(agentId);
    const drain = known?.record.drain;
    if (known === undefined || drain?.state !== 'draining') return;
    const ended: DrainRecord = { ...drain, state: 'drained', endedAtMs: this.clock.nowMs() };
    const emptied = { ...known, record: { ...known.record, drain: ended } };
    this.roster.put(emptied);
    if (drain.markGone) this.markGone.execute(agentId, 'drained and declared gone by an operator');
    else this.changeState.drainMoved(emptied, 'drained by an operator');
  }

  /**
   * Takes the order back from an agent that is not empty yet, and offers of it again. Tasks that are being ended end.
   *
   * An agent that is away cannot be told, and would go on when it is back.
   */
  cancel(agentId: string): OrderOutcome {
    const known = this.roster.get(agentId);
    if (known === undefined || known.record.drain?.state !== 'draining') {
      return refused('bad-request', `Agent ${agentId} is not being drained`);
    }
    if (!isRegistered(known)) return refused('conflict', `Agent ${agentId} is away and cannot be told`);
    const { isDeactivated: _ended, drain, ...record } = known.record;
    const ordered = { ...known, record };
    this.roster.put(ordered);
    this.changeState.execute(ordered, 'activated', 'its drain was cancelled by an operator');
    this.tell(agentId, drain, { isCancelled: true });
    return DONE;
  }

  private tell(
    agentId: string,
    { maxGraceMs, markGone }: DrainRecord,
    more: { readonly isCancelled?: true } = {},
  ): void {
    const item = { agentId, markGone, ...(maxGraceMs === undefined ? {} : { maxGraceMs }), ...more };
    this.bus.send(DrainAgentV1, queueOf('agent', agentId), [item]).catch((error: unknown) => {
      this.onUntold(agentId, error);
    });
  }
}

/** A repetition begins nothing anew. */
function tasksAtStart(before: DrainRecord | undefined, { tasks }: DrainTerms): Pick<DrainRecord, 'tasks'> {
  const counted = before === undefined ? tasks : before.tasks;
  return counted === undefined ? {} : { tasks: counted };
}

const isDrainable = ({ record }: KnownAgent): boolean => isPresentState(record.state) || record.state === 'unreachable';
