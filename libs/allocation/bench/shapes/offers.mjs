import { addAgents, addFrameworks, median, newEngine, round, timed, usedBytes } from './measure.mjs';

/** Seconds of a refusal that outlives the bench. */
const LONG = 365 * 24 * 3600;

/**
 * Shape (a): all agents are offered, every offer is declined for good, and offered to somebody else in the next cycle.
 * Agents are added one by one, with the cycle that each addition calls for, while no framework is there to take them.
 */
export function offers({ agents, frameworks, roles, cycles = 5 }) {
  const engine = newEngine();
  const atStart = usedBytes();
  const adding = timed(() => {
    addFrameworks(engine, frameworks, (i) => (roles === 'own' ? `role-${i}` : 'role'));
    engine.allocate('triggered', 0);
  });
  const withFrameworks = usedBytes();
  const addingAgents = timed(() => addAgents(engine, agents));
  const withAgents = usedBytes();
  const cycleMs = [];
  const cycleCpuMs = [];
  const returnMs = [];
  let made = 0;
  for (let i = 1; i <= cycles; i++) {
    const cycle = timed(() => engine.allocate('batch', i * 1000));
    const { allocations } = cycle.result;
    made = allocations.length;
    if (made !== agents) throw new Error(`cycle ${i} made ${made} offers of ${agents} agents`);
    const returning = timed(() => {
      for (const allocation of allocations) engine.recover(allocation, i * 1000, LONG);
    });
    cycleMs.push(cycle.ms);
    cycleCpuMs.push(cycle.cpuMs);
    returnMs.push(returning.ms);
  }
  const atEnd = usedBytes();
  return {
    shape: 'offers',
    agents,
    frameworks,
    roles,
    offers: made,
    addFrameworksMs: round(adding.ms),
    addAgentsMs: round(addingAgents.ms),
    firstCycleMs: round(cycleMs[0]),
    cycleMs: round(median(cycleMs)),
    cycleCpuMs: round(median(cycleCpuMs)),
    microsPerOffer: round((median(cycleMs) * 1000) / made, 2),
    cpuMicrosPerOffer: round((median(cycleCpuMs) * 1000) / made, 2),
    returnMs: round(median(returnMs)),
    bytesPerFramework: Math.round((withFrameworks - atStart) / frameworks),
    bytesPerAgent: Math.round((withAgents - withFrameworks) / agents),
    usedMb: round((atEnd - atStart) / 2 ** 20),
    rssMb: round(process.memoryUsage().rss / 2 ** 20),
  };
}
