import { Limits, Quantities } from '@tranche/resources';
import { addAgents, addFrameworks, newEngine, round, timed, usedBytes } from './measure.mjs';

const AGENTS = 3000;
const LARGE = 500;
const SMALL = 1000;
const NONE = 1500;

/** Guarantee and limit alike: five whole agents, half an agent, nothing at all. */
const QUOTA = {
  large: 'cpus:120;mem:20480;disk:20480',
  small: 'cpus:12;mem:2048;disk:2048',
  none: 'cpus:0;mem:0;disk:0',
};

const quota = (text) => ({ guarantees: Quantities.parse(text), limits: Limits.parse(text) });

/**
 * Shape (b): 3,000 agents, roles and frameworks, each framework in a role of its own: 500 roles with a guarantee of five agents, 1,000 with
 * one of half an agent, 1,500 that may have nothing. Limits are equal to guarantees.
 *
 * The first cycle makes 3,500 allocations. The others run in a cluster of twice the size, in which all are at their limits and half of
 * every agent is free: `firstLook` after every framework has changed, so that each must be tried on each agent; `repeat` when nothing has.
 */
export function quotas() {
  const allocating = set(newEngine());
  addAgents(allocating, AGENTS);
  const atStart = usedBytes();
  const cycle = timed(() => allocating.allocate('batch', 1000));
  const made = cycle.result.allocations.length;
  const full = set(newEngine());
  addAgents(full, AGENTS, 'cpus:48;mem:8192;disk:8192;ports:[31000-32000]');
  full.allocate('batch', 1000);
  for (let i = 0; i < LARGE + SMALL + NONE; i++) {
    full.updateFramework({
      id: `framework-${i}`,
      roles: [`role-${i}`],
      suppressedRoles: [],
      capabilities: ['MULTI_ROLE'],
    });
  }
  const firstLook = timed(() => full.allocate('batch', 2000));
  const repeat = timed(() => full.allocate('batch', 3000));
  if (firstLook.result.allocations.length > 0) throw new Error('a role went above its limit');
  return {
    shape: 'quota',
    agents: AGENTS,
    frameworks: LARGE + SMALL + NONE,
    allocations: made,
    cycleMs: round(cycle.ms),
    nothingFirstLookMs: round(firstLook.ms),
    nothingRepeatMs: round(repeat.ms, 3),
    usedMb: round((usedBytes() - atStart) / 2 ** 20),
  };
}

function set(engine) {
  addFrameworks(engine, LARGE + SMALL + NONE, (i) => `role-${i}`);
  for (let i = 0; i < LARGE + SMALL + NONE; i++) {
    engine.setQuota(`role-${i}`, quota(i < LARGE ? QUOTA.large : i < LARGE + SMALL ? QUOTA.small : QUOTA.none));
  }
  engine.allocate('triggered', 0);
  return engine;
}
