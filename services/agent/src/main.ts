import { checkNode } from '@tranche/config';

checkNode(process.versions.node);
const { onEndTasks, onSupervisorGone, runProcess, tellRefusal, tellSupervisor } = await import('@tranche/messaging');
const { readAgentConfig } = await import('./agent.config.js');
const { startAgent } = await import('./start-agent.js');
const { AgentRefusedError } = await import('./registration/registration.errors.js');

await runProcess('agent', readAgentConfig(), async ({ config, host, origins }) => {
  const agent = await startAgent({ config, host, origins }).catch((error: unknown) => {
    if (error instanceof AgentRefusedError) tellRefusal(error.reason);
    throw error;
  });
  const { agentId, port, url, containers, resources, recovery } = agent;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // As with Mesos: tasks outlive their agent, so that it can be replaced under them.
    process.once(signal, () => void agent.stop({ killTasks: false }));
  }
  onSupervisorGone(() => void agent.stop({ killTasks: false }));
  onEndTasks(() => void agent.stop({ killTasks: true }));
  host.logger.info('serving', { agentId, port, containers, resources: resources.toText(), ...recovery });
  tellSupervisor({ address: url, about: { containers, resources: resources.toText() } });
  const end = await agent.ended;
  if (end.cause === 'refused') tellRefusal(end.reason);
  host.logger.info('agent has stopped', { ...end });
  return end.cause === 'stopped' || end.cause === 'cleaned-up' ? 0 : 1;
});
