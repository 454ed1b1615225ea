import { Resources } from '@tranche/resources';
import { addFrameworks, newEngine, round, timed } from './measure.mjs';

const RESERVATIONS = 6400;
const ROUNDS = 20;

/** Shape (d): one agent with 6,400 reservations that differ in their labels; an operator adds one and takes it away, 20 times. */
export function reservations() {
  const reserved = (i) => ({
    name: 'cpus',
    value: { kind: 'scalar', milli: 10 },
    reservations: [{ type: 'DYNAMIC', role: 'dev', principal: 'ops', labels: [{ key: 'key', value: `${i}` }] }],
  });
  const free = Resources.parse('cpus:24;mem:4096;disk:4096');
  const resources = free.plus(Resources.of(Array.from({ length: RESERVATIONS }, (_, i) => reserved(i))));
  const engine = newEngine();
  addFrameworks(engine, 1, () => 'other');
  const agent = { id: 'agent', hostname: 'host', resources, attributes: [], capabilities: ['MULTI_ROLE'] };
  const adding = timed(() => engine.addAgent(agent, []));
  const piece = Resources.of([{ name: 'cpus', value: { kind: 'scalar', milli: 1000 }, reservations: [] }]);
  const reservedPiece = Resources.of([{ ...reserved(-1), value: { kind: 'scalar', milli: 1000 } }]);
  const operations = timed(() => {
    for (let i = 0; i < ROUNDS; i++) {
      const done =
        engine.convert({ agentId: 'agent', consumed: piece, converted: reservedPiece }) &&
        engine.convert({ agentId: 'agent', consumed: reservedPiece, converted: piece });
      if (!done) throw new Error('an operation was refused');
    }
  });
  const cycle = timed(() => engine.allocate('batch', 1000));
  return {
    shape: 'reservations',
    reservations: RESERVATIONS,
    addAgentMs: round(adding.ms),
    reserveUnreserveMs: round(operations.ms),
    msPerOperation: round(operations.ms / (2 * ROUNDS), 2),
    cycleMs: round(cycle.ms),
  };
}
