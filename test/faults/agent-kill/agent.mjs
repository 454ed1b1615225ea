// An agent as main.ts runs it, that kills itself with SIGKILL when it reaches the step it was told over its IPC channel.
import { readAgentConfig, startAgent } from '@tranche/agent';
import { runProcess } from '@tranche/messaging';
import { CrashPoint } from './crash-point.mjs';

const point = new CrashPoint((step) => {
  process.send?.({ reached: step });
  process.kill(process.pid, 'SIGKILL');
});
const [, , atStart] = process.argv;
if (atStart !== undefined) point.arm(atStart);
process.on('message', ({ arm }) => {
  point.arm(arm);
  process.send?.({ armed: arm });
});

await runProcess('agent', readAgentConfigOf(), async ({ config, host }) => {
  const seams = {
    containerizer: (inner) => point.aroundContainerizer(inner),
    store: (inner) => point.aroundStore(inner),
  };
  const agent = await startAgent({ config, host: { ...host, bus: point.aroundBus(host.bus) }, seams });
  process.send?.({ agentId: agent.agentId, findings: agent.recovery });
  // The test is gone: so is this.
  process.once('disconnect', () => process.exit(1));
  process.once('SIGTERM', () => void agent.stop({ killTasks: false }));
  await agent.ended;
  return 0;
});

/** The step is no option of the agent's. */
function readAgentConfigOf() {
  process.argv.splice(2);
  return readAgentConfig();
}
