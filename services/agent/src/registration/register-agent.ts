import type { Logger } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { AgentLifecycle } from './agent-lifecycle.js';
import type { AskRegistry } from './ask-registry.js';
import type { Heartbeat } from './heartbeat.js';

export type Registration =
  | { readonly ok: true; readonly agentId: string }
  /** Refused for good: the agent ends its tasks and stops. */
  | { readonly ok: false; readonly reason: string };

/**
 * Makes the agent a member of the cluster, at its start and whenever the registry has forgotten it.
 *
 * The id is on disk before anything is done under it. From then on heartbeats are sent and updates flow.
 */
export class RegisterAgent {
  private underWay: Promise<Registration> | undefined;

  constructor(
    private readonly registry: AskRegistry,
    private readonly ledger: Ledger,
    private readonly lifecycle: AgentLifecycle,
    private readonly heartbeat: Heartbeat,
    /** Updates of tasks and operations: they flow once the agent is registered. */
    private readonly updates: { resume(): void },
    private readonly logger: Logger,
  ) {}

  /** One registration at a time: a call during one joins it. @throws CheckpointFailedError */
  register(): Promise<Registration> {
    this.underWay ??= this.run().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /** Ends a registration that is under way; it then has not been admitted. */
  abandon(): void {
    this.registry.abandon();
    this.heartbeat.stop();
  }

  private async run(): Promise<Registration> {
    if (this.lifecycle.isStopping) return STOPPING;
    this.lifecycle.enter('registering');
    const answer = await this.registry.ask();
    if (answer === undefined || this.lifecycle.isStopping) return STOPPING;
    if (!answer.ok) return answer;
    const { agentId, heartbeatIntervalMs } = answer;
    const before = this.ledger.state.agentId;
    if (before !== undefined && before !== agentId) {
      return { ok: false, reason: `it is known as ${before} and was now called ${agentId}` };
    }
    if (before === undefined) await this.ledger.record({ kind: 'agent', agentId });
    if (this.lifecycle.isStopping) return STOPPING;
    this.lifecycle.enter('running');
    this.heartbeat.start(agentId, heartbeatIntervalMs);
    this.updates.resume();
    this.logger.info(before === undefined ? 'agent registered' : 'agent registered again', { agentId });
    return { ok: true, agentId };
  }
}

const STOPPING: Registration = { ok: false, reason: 'the agent is stopping' };
