import { addAgents, addFrameworks, newEngine, round, timed } from './measure.mjs';

const FRAMEWORKS = 1000;
const AGENTS = 100;

/**
 * Shape (e): 1,000 frameworks that never suppress and decline everything for the default 5 s. A cycle serves one framework per agent, so
 * nobody can be served before cycle frameworks ÷ agents: what is beyond that is waiting that fair sharing does not imply.
 */
export function starvation({ roles }) {
  const engine = newEngine();
  addFrameworks(engine, FRAMEWORKS, (i) => (roles === 'own' ? `role-${i}` : 'role'));
  addAgents(engine, AGENTS);
  const served = new Set();
  let cycles = 0;
  const run = timed(() => {
    while (served.size < FRAMEWORKS && cycles < 1000) {
      cycles++;
      const { allocations } = engine.allocate('batch', cycles * 1000);
      for (const allocation of allocations) {
        served.add(allocation.frameworkId);
        engine.recover(allocation, cycles * 1000, 5);
      }
    }
  });
  return {
    shape: 'starvation',
    agents: AGENTS,
    frameworks: FRAMEWORKS,
    roles,
    served: served.size,
    cycles,
    impliedCycles: FRAMEWORKS / AGENTS,
    totalMs: round(run.ms),
  };
}
