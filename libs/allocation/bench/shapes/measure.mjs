import { createEngine } from '@tranche/allocation';
import { Resources } from '@tranche/resources';

/** Capabilities that agents and frameworks have today. */
const AGENT_CAPABILITIES = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'];
const FRAMEWORK_CAPABILITIES = ['MULTI_ROLE', 'RESERVATION_REFINEMENT'];

/** The agent of the published benchmarks. */
export const AGENT_RESOURCES = 'cpus:24;mem:4096;disk:4096;ports:[31000-32000]';

/** The same numbers in every run. */
export function randomSource(seed = 1) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const newEngine = (options = {}) => createEngine({ random: randomSource(), ...options });

/** Adds agents as they would come from messages: each with resources parsed on their own. */
export function addAgents(engine, count, text = AGENT_RESOURCES, held = () => []) {
  for (let i = 0; i < count; i++) {
    const id = `agent-${i}`;
    const resources = Resources.parse(text);
    engine.addAgent(
      { id, hostname: `host-${i}`, resources, attributes: [], capabilities: AGENT_CAPABILITIES },
      held(id),
    );
  }
}

/** @param roleOf by number of the framework */
export function addFrameworks(engine, count, roleOf) {
  for (let i = 0; i < count; i++) {
    const spec = {
      id: `framework-${i}`,
      roles: [roleOf(i)],
      suppressedRoles: [],
      capabilities: FRAMEWORK_CAPABILITIES,
    };
    engine.addFramework(spec, true);
  }
}

/**
 * @returns milliseconds that the work took, by the clock and of processor time, and its result. On a shared machine the clock
 *   also counts waiting for a processor; processor time counts helper threads, which collect garbage.
 */
export function timed(work) {
  const used = process.cpuUsage();
  const begun = performance.now();
  const result = work();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(used);
  return { ms, cpuMs: (user + system) / 1000, result };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Bytes in use, after a collection: objects and typed arrays. */
export function usedBytes() {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

export const round = (value, digits = 1) => Math.round(value * 10 ** digits) / 10 ** digits;
