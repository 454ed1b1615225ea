import { describe, expect, it } from 'vitest';
import { agent, amounts } from '../../cli.fakes.js';
import { type Candidate, candidateOfAgent, candidateOfOffer, placeOn } from './candidates.js';
import { parseConstraint } from './constraints.js';
import { type RunPlan, planRun } from './run-plan.js';
import type { RunSpec } from './run-spec.js';
import { explainCommand, waitingReason } from './waiting-reason.js';

const plan = (spec: RunSpec = {}): RunPlan => planRun({ command: 'true', ...spec }, '7f3a');

/** An agent with 2 cpus, 1 GiB and ten ports free. */
const candidate = (attributes: Record<string, string> = {}, cpus = 2, memMib = 1024): Candidate =>
  candidateOfAgent(
    agent({
      attributes,
      hostname: attributes['hostname'] ?? 'n1',
      total: { ...amounts(cpus, memMib), ports: [{ begin: 31000, end: 31009 }] },
      used: amounts(0, 0),
    }),
  );

describe('placeOn', () => {
  it('places as many instances as fit', () => {
    const spots = placeOn(candidate(), [0, 1, 2], plan({ resources: { cpus: 1 } }), []);
    expect(spots.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('gives each instance ports of its own', () => {
    const spots = placeOn(candidate(), [0, 1], plan({ resources: { ports: 1 } }), []);
    const ports = spots.map(({ resources }) => resources.find(({ name }) => name === 'ports')?.ranges?.range);
    expect(ports).toEqual([[{ begin: 31000, end: 31000 }], [{ begin: 31001, end: 31001 }]]);
  });

  it('puts only one instance where an attribute must be unique', () => {
    const unique = plan({ where: ['rack:unique'] });
    expect(placeOn(candidate({ rack: 'r1' }), [0, 1], unique, [])).toHaveLength(1);
    expect(placeOn(candidate({ rack: 'r1' }), [1], unique, [{ rack: 'r1' }])).toHaveLength(0);
    expect(placeOn(candidate({ rack: 'r2' }), [1], unique, [{ rack: 'r1' }])).toHaveLength(1);
  });

  it('places nothing on an agent without the attribute', () => {
    expect(placeOn(candidate(), [0], plan({ where: ['rack:unique'] }), [])).toHaveLength(0);
    expect(placeOn(candidate(), [0], plan({ where: ['zone=eu-1'] }), [])).toHaveLength(0);
  });

  it('compares scalar attributes of offers by their number', () => {
    const offered = candidateOfOffer({
      id: { value: 'O' },
      framework_id: { value: 'F' },
      agent_id: { value: 'S' },
      hostname: 'n1',
      attributes: [{ name: 'rank', type: 'SCALAR', scalar: { value: 3 } }],
      resources: [...candidate().resources],
    });
    expect(placeOn(offered, [0], plan({ where: ['rank=3'] }), [])).toHaveLength(1);
  });
});

describe('what an agent has left', () => {
  it('is without the ports that are used', () => {
    const { resources } = candidateOfAgent(
      agent({
        total: { ...amounts(1, 1), ports: [{ begin: 31000, end: 31009 }] },
        used: {
          ...amounts(0, 0),
          ports: [
            { begin: 31000, end: 31001 },
            { begin: 31005, end: 31005 },
          ],
        },
      }),
    );
    expect(resources.find(({ name }) => name === 'ports')?.ranges?.range).toEqual([
      { begin: 31002, end: 31004 },
      { begin: 31006, end: 31009 },
    ]);
  });
});

describe('waitingReason', () => {
  it('is nothing when an agent could take the instance', () => {
    expect(waitingReason([candidate()], plan(), [])).toBeUndefined();
  });

  it('names everything that is too large, with the most there is and where', () => {
    const agents = [candidate(), candidate({ hostname: 'n2' }, 1, 6.1 * 1024)];
    expect(waitingReason(agents, plan({ resources: { mem: '8g', cpus: 4 } }), [])).toBe(
      'no agent has cpus ≥ 4 free (largest 2 on n1) and mem ≥ 8 GiB free (largest 6.1 GiB on n2)',
    );
  });

  it('says so when each amount is somewhere, but not on one agent', () => {
    const agents = [candidate({}, 4, 512), candidate({ hostname: 'n2' }, 1, 4096)];
    expect(waitingReason(agents, plan({ resources: { cpus: 2, mem: '2g' } }), [])).toBe(
      'no agent has cpus ≥ 2, mem ≥ 2 GiB free together',
    );
  });

  it('names the values that there are when an attribute is not found', () => {
    const agents = [candidate({ zone: 'eu-3' }), candidate({ zone: 'eu-2' })];
    expect(waitingReason(agents, plan({ where: ['zone=eu-1'] }), [])).toBe(
      'no agent has zone=eu-1 (zone is eu-2, eu-3)',
    );
    expect(waitingReason(agents, plan({ where: ['gpu:unique'] }), [])).toBe('no agent has gpu:unique (gpu is not set)');
  });

  it('says so when there is no agent', () => {
    expect(waitingReason([], plan(), [])).toBe('no agent has registered');
  });
});

describe('parseConstraint', () => {
  it('reads a value with "=" or ":" in it', () => {
    expect(parseConstraint('image=a:b=c')).toEqual({ kind: 'equals', attribute: 'image', value: 'a:b=c' });
  });

  it.each(['', 'zone', '=x', 'zone:many'])('refuses %j', (text) => {
    expect(() => parseConstraint(text)).toThrow('is not of the form');
  });
});

describe('explainCommand', () => {
  it('asks for what each instance needs', () => {
    const resources = { cpus: 4, mem: '8g', disk: '100m', ports: 2 };
    expect(explainCommand(plan({ resources, role: 'web', where: ['zone=eu-1', 'rack:unique'] }))).toBe(
      'tranche explain --cpus 4 --mem 8g --disk 100m --ports 2 --role web --where zone=eu-1',
    );
    expect(explainCommand(plan())).toBe('tranche explain --cpus 0.1 --mem 64m');
  });
});
