import { Resources } from '@tranche/resources';
import { Metrics } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { AgentCounters } from './agent-counters.js';

it('shows in base units what the agent has, what is in use and what it lacks', async () => {
  const metrics = new Metrics('agent');
  const capacity = { total: Resources.parse('cpus:4;mem:1024;disk:10'), allocated: Resources.parse('cpus:0.5;mem:64') };
  const state = { tasks: () => [] };
  new AgentCounters(metrics).watch(state as never, capacity as never, { unfit: Resources.parse('mem:1') });
  const lines = (await metrics.render()).matchAll(
    /^tranche_agent_resources\{resource="(\w+)",unit="(\w+)",kind="(\w+)",service="agent"\} (.*)$/gm,
  );
  const shown = Object.fromEntries(
    [...lines].map(([, resource, unit, kind, value]) => [`${kind} ${resource}`, `${value} ${unit}`]),
  );
  expect(shown).toMatchObject({
    'total cpus': '4 cores',
    'total mem': `${2 ** 30} bytes`,
    'total disk': `${10 * 2 ** 20} bytes`,
    'total gpus': '0 gpus',
    'used cpus': '0.5 cores',
    'used mem': `${64 * 2 ** 20} bytes`,
    'unavailable mem': `${2 ** 20} bytes`,
  });
});
