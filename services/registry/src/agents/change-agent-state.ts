import { AgentStateChangedV1, isPresentState } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Clock } from '@tranche/telemetry';
import type { AgentRoster } from './agent-roster.js';
import { type AgentEvent, nextAgentState } from './agent-state.js';
import { type KnownAgent, statedRecord } from './known-agent.js';

/** Moves an agent on in its life: memory first, then the fact for the other services. */
export class ChangeAgentState {
  constructor(
    private readonly roster: AgentRoster,
    private readonly bus: Pick<MessageBus, 'publish'>,
    private readonly clock: Clock,
  ) {}

  /**
   * @param reason for people: `health check timed out after 75 s`
   * @returns the agent after the change; undefined when the event has no effect in its state
   */
  execute(known: KnownAgent, event: Exclude<AgentEvent, 'registered'>, reason: string): KnownAgent | undefined {
    const { isDeactivated } = known.record;
    const state = nextAgentState(known.record.state, event, isDeactivated);
    if (state === undefined || state === known.record.state) return undefined;
    const atMs = this.clock.nowMs();
    const record = { ...known.record, state, stateReason: reason, stateSinceMs: atMs };
    // What an operator orders does not tell us what runs there: a recovered agent still has to register.
    const isRecovered = known.isRecovered && isPresentState(state);
    const changed: KnownAgent = { ...known, record, isRecovered };
    this.roster.put(changed);
    this.#publish(changed, reason, atMs);
    return changed;
  }

  /** Its state is the same, but not how far it is with being drained. Of an agent that is away nothing is told: its registration says it all. */
  drainMoved(known: KnownAgent, reason: string): void {
    if (known.record.state === 'deactivated') this.#publish(known, reason, this.clock.nowMs());
  }

  #publish(known: KnownAgent, reason: string, atMs: number): void {
    const { agentId, drain } = known.record;
    const { state } = statedRecord(known);
    this.bus.publish(AgentStateChangedV1, [{ agentId, state, reason, atMs, ...(drain && { drain: drain.state }) }]);
  }
}
