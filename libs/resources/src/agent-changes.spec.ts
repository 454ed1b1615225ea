import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AgentChangeJson,
  carryingChanges,
  changeOf,
  withChange,
  withConversion,
  withTotal,
} from './agent-changes.js';
import { reserveConversion, unreserveConversion } from './conversions.js';
import { pushReservation } from './reservations/reservation.js';
import { Resources } from './resources.js';

const r = (text: string) => Resources.parse(text);
const reserved = (text: string, role: string) =>
  r(text).map((resource) => pushReservation(resource, { type: 'DYNAMIC', role }));
const agent = (text: string, reregisteredAtMs?: number) => ({
  ...{ resources: r(text).toJson(), registeredAtMs: 1 },
  ...(reregisteredAtMs === undefined ? {} : { reregisteredAtMs }),
});
type Agent = ReturnType<typeof agent> & { changes?: AgentChangeJson[]; registered?: ReturnType<Resources['toJson']> };
const total = ({ resources }: Agent) => Resources.fromJson(resources).toText();

describe('changes of an agent by several partitions', () => {
  it('add up', () => {
    const before: Agent = agent('cpus:8;mem:1024');
    const first = withConversion(before, 0, reserveConversion(reserved('cpus:2', 'a')));
    const second = withConversion(before, 1, reserveConversion(reserved('cpus:3', 'b')));
    expect(total(withChange(first, changeOf(second, 1)))).toBe('cpus:3; cpus(a):2; cpus(b):3; mem:1024');
    expect(total(withChange(second, changeOf(first, 0)))).toBe('cpus:3; cpus(a):2; cpus(b):3; mem:1024');
  });

  it('cancel when they are undone', () => {
    const made = withConversion(agent('cpus:8') as Agent, 0, reserveConversion(reserved('cpus:2', 'a')));
    const undone = withConversion(made, 0, unreserveConversion(reserved('cpus:2', 'a')));
    expect(changeOf(undone, 0)).toEqual({ partition: 0, asOfMs: 1, minus: [], plus: [] });
    expect(total(undone)).toBe('cpus:8');
  });

  it('let one consume what another has made', () => {
    const made = withConversion(agent('cpus:8') as Agent, 0, reserveConversion(reserved('cpus:2', 'a')));
    const refined = withConversion(made, 1, reserveConversion(reserved('cpus(a):1', 'a/b'), reserved('cpus:1', 'a')));
    const expected = total(refined);
    expect(expected).toContain('cpus:6');
    const alone = withChange(agent('cpus:8') as Agent, changeOf(refined, 1));
    expect(total(withChange(alone, changeOf(made, 0)))).toBe(expected);
  });

  it('count for the registration that they were made in alone', () => {
    const made = withConversion(agent('cpus:8') as Agent, 0, reserveConversion(reserved('cpus:2', 'a')));
    const again: Agent = agent('cpus:6;cpus(a):2', 5);
    expect(total(withChange(again, changeOf(made, 0)))).toBe('cpus:6; cpus(a):2');
    expect(carryingChanges(again, made)).toBe(again);
  });

  it('wait for the registration that they were made in', () => {
    const early = { partition: 1, asOfMs: 5, minus: r('cpus:1').toJson(), plus: reserved('cpus:1', 'b').toJson() };
    const known = withChange(agent('cpus:8') as Agent, early);
    expect(total(known)).toBe('cpus:8');
    expect(total(carryingChanges(agent('cpus:4', 5), known))).toBe('cpus:3; cpus(b):1');
  });

  it('can be told from what is there in the end', () => {
    const changed = withTotal(agent('cpus:8') as Agent, 0, r('cpus:5').plus(reserved('cpus:3', 'a')));
    expect(changeOf(changed, 0)).toMatchObject({ minus: r('cpus:3').toJson(), plus: reserved('cpus:3', 'a').toJson() });
  });

  it('come to what the operations come to, in whatever order the partitions are heard', () => {
    const step = fc.record({ partition: fc.nat(2), milli: fc.integer({ min: 1, max: 500 }), isUndone: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        (steps, order) => {
          let all: Agent = agent('cpus:100');
          for (const { partition, milli, isUndone } of steps) {
            const resources = reserved(`cpus:${milli / 1000}`, `role-${partition}`);
            all = withConversion(all, partition, reserveConversion(resources));
            if (isUndone) all = withConversion(all, partition, unreserveConversion(resources));
          }
          const heard = order.reduce<Agent>(
            (known, index) => withChange(known, changeOf(all, index)),
            agent('cpus:100'),
          );
          expect(Resources.fromJson(heard.resources).equals(Resources.fromJson(all.resources))).toBe(true);
        },
      ),
    );
  });
});
