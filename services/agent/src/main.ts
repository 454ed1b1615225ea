import { hostFor } from '@tranche/messaging';
import { readAgentConfig } from './agent.config.js';
import { startAgent } from './start-agent.js';

const started = readAgentConfig();
if (started.kind === 'stop') {
  (started.exitCode === 0 ? process.stdout : process.stderr).write(`${started.text}\n`);
  process.exit(started.exitCode);
}
const { config } = started;
const host = hostFor({ service: 'agent', ...config });
try {
  const agent = await startAgent({ config, host });
  const { agentId, port, containers, resources, recovery } = agent;
  host.logger.info('serving', { agentId, port, containers, resources: resources.toText(), ...recovery });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // As with Mesos: tasks outlive their agent, so that it can be replaced under them.
    process.once(signal, () => void agent.stop({ killTasks: false }));
  }
  const end = await agent.ended;
  host.logger.info('agent has stopped', { ...end });
  process.exit(end.cause === 'stopped' ? 0 : 1);
} catch (error) {
  host.logger.error('agent could not start', { error });
  process.exit(1);
}
