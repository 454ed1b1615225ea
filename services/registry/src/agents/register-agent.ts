import { AgentRegisteredV1, queueOf, type RegisterAgentRequest, type RegisterAgentResponse } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Clock } from '@tranche/telemetry';
import { MaintenanceBook } from '../maintenance/maintenance-book.js';
import type { AgentCounters } from './agent-counters.js';
import type { AgentLiveness } from './agent-liveness.js';
import type { AgentRoster } from './agent-roster.js';
import type { ChangeAgentState } from './change-agent-state.js';
import { type Admission, planAdmission } from './plan-admission.js';

/** Admits an agent, for the first time or again. */
export class RegisterAgent {
  constructor(
    private readonly roster: AgentRoster,
    private readonly liveness: AgentLiveness,
    private readonly changeState: ChangeAgentState,
    private readonly bus: Pick<MessageBus, 'publish' | 'declareQueue'>,
    private readonly clock: Clock,
    private readonly counters: AgentCounters,
    private readonly maintenance: MaintenanceBook = new MaintenanceBook(),
  ) {}

  /**
   * The agent is known before its queue is declared, so that a repetition that overtakes the broker's answer gets the same id. Its queue
   * exists before anybody hears of the agent: a launch that is sent at once reaches it.
   *
   * @throws TransportError when the broker is away; the agent asks again and is answered alike
   */
  async execute(request: RegisterAgentRequest): Promise<RegisterAgentResponse> {
    this.count(request);
    const admission = planAdmission(this.roster, request, this.clock.nowMs(), this.maintenance.current);
    if (!admission.ok) return admission;
    const { agentId } = admission.known.record;
    this.removeReplaced(admission);
    this.roster.put(admission.known);
    this.liveness.heard(agentId);
    await this.bus.declareQueue(queueOf('agent', agentId));
    this.bus.publish(AgentRegisteredV1, [
      {
        agent: admission.known.record,
        reregistered: admission.reregistered,
        tasks: request.tasks,
        frameworks: request.frameworks,
        ...(request.executors === undefined ? {} : { executors: request.executors }),
        ...(request.operations === undefined ? {} : { operations: request.operations }),
        ...(request.sent === undefined ? {} : { sent: request.sent }),
        ...(request.asked === undefined ? {} : { asked: request.asked }),
      },
    ]);
    if (admission.reregistered) this.counters.reregistrations++;
    else this.counters.registrations++;
    return { ok: true, agentId, heartbeatIntervalMs: this.liveness.intervalMs };
  }

  private removeReplaced({ replaced, known }: Extract<Admission, { ok: true }>): void {
    if (replaced === undefined) return;
    const { agentId, ip, port } = known.record;
    this.changeState.execute(replaced, 'replaced', `agent ${agentId} registered at its address ${ip}:${port}`);
    this.liveness.forget(replaced.record.agentId);
    this.counters.replaced++;
  }

  private count(request: RegisterAgentRequest): void {
    if (request.agentId === undefined) this.counters.registrationMessages++;
    else this.counters.reregistrationMessages++;
  }
}
