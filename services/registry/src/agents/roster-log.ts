import type { Logger } from '@tranche/telemetry';
import type { AgentObserver } from './agent-roster.js';
import type { KnownAgent } from './known-agent.js';

/** One line for each agent that is admitted, changes its standing, or is forgotten. */
export class RosterLog implements AgentObserver {
  constructor(private readonly logger: Pick<Logger, 'info' | 'warn'>) {}

  agentChanged({ record, isRecovered }: KnownAgent): void {
    const { agentId, hostname, ip, port, state, stateReason, reregisteredAtMs } = record;
    const fields = { agentId, hostname, address: `${ip}:${port}`, state };
    if (isRecovered) this.logger.info('agent recovered, has to register again', fields);
    else if (state === 'unreachable') this.logger.warn('agent is unreachable', { ...fields, reason: stateReason });
    else if (state === 'disconnected') this.logger.warn('agent is silent', { ...fields, reason: stateReason });
    else if (stateReason !== undefined && state === 'deactivated') {
      this.logger.info('agent deactivated', { ...fields, reason: stateReason });
    } else if (state === 'active' || state === 'deactivated') {
      this.logger.info(reregisteredAtMs === undefined ? 'agent registered' : 'agent registered again', fields);
    } else this.logger.info('agent left', { ...fields, reason: stateReason });
  }

  agentForgotten(agentId: string): void {
    this.logger.info('agent forgotten', { agentId });
  }
}
