import { Bench } from 'tinybench';
import { Limits } from './quantities/limits.js';
import { Quantities } from './quantities/quantities.js';
import { Resources } from './resources.js';

/**
 * Cost of the algebra as the offers path uses it: an agent with four resources, a task with three, and for contrast an
 * agent with 6,400 reservations.
 *
 *     node libs/resources/dist/resources.bench.js
 */
const agent = Resources.parse('cpus:24;mem:4096;disk:4096;ports:[31000-32000]');
const task = Resources.parse('cpus:1;mem:128;ports:[31005-31006]');
const left = agent.minus(task);
const allocated = agent.withAllocationRole('eng/dev');
const documents = task.toJson();
const quantities = Quantities.parse('cpus:2;mem:512');
const limits = Limits.parse('cpus:2;mem:512');

const reservations = (milli: number) =>
  Resources.of(
    Array.from({ length: 6400 }, (_, i) => ({
      name: 'cpus',
      value: { kind: 'scalar', milli } as const,
      reservations: [{ type: 'DYNAMIC', role: `role-${i}`, principal: 'operator' } as const],
    })),
  );
const many = reservations(2000);
const manyHalves = reservations(1000);
const oneOfMany = Resources.of([[...many][3200]].filter((resource) => resource !== undefined));

const bench = new Bench({ time: 300, warmupTime: 100 })
  .add('agent contains task', () => agent.contains(task))
  .add('agent − task', () => agent.minus(task))
  .add('rest + task', () => left.plus(task))
  .add('rest + task = agent', () => left.plus(task).equals(agent))
  .add('agent allocated to a role', () => agent.withAllocationRole('eng/dev'))
  .add('agent no longer allocated', () => allocated.withoutAllocationRole())
  .add('agent’s quantities', () => agent.quantities())
  .add('agent cut to quantities', () => agent.cutToQuantities(quantities, 'stored'))
  .add('agent cut to limits', () => agent.cutToLimits(limits, 'stored'))
  .add('task ← documents, validated', () => Resources.fromJson(documents))
  .add('agent → documents', () => agent.toJson())
  .add('agent → canonical text', () => agent.toText())
  .add('agent ← text', () => Resources.parse('cpus:24;mem:4096;disk:4096;ports:[31000-32000]'))
  .add('6,400 reservations − 1', () => many.minus(oneOfMany))
  .add('6,400 reservations + 6,400', () => many.plus(manyHalves))
  .add('6,400 reservations − 6,400', () => many.minus(manyHalves))
  .add('6,400 reservations contain 6,400', () => many.contains(manyHalves));

await bench.run();
process.stdout.write(`${bench.tasks.map(({ name, result }) => line(name, result)).join('\n')}\n`);

function line(name: string, result: (typeof bench.tasks)[number]['result']): string {
  const ns = 'latency' in result ? result.latency.p50 * 1e6 : Number.NaN;
  return `${name.padEnd(36)}${Math.round(ns).toLocaleString('en').padStart(12)} ns`;
}
