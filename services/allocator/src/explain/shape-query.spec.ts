import { describe, expect, it } from 'vitest';
import { readShapeQuery } from './shape-query.js';

describe('readShapeQuery', () => {
  it('reads amounts in the units of their names, ports by number or by range, attributes and a role', () => {
    const asked = readShapeQuery({
      cpus: '1.5',
      memBytes: String(64 * 2 ** 20),
      ports: '2',
      where: ['rack=r1', 'zone=a'],
      role: 'a/b',
    });
    expect(asked).toMatchObject({ role: 'a/b', withAgents: false, shape: { attributes: { rack: 'r1', zone: 'a' } } });
    expect('shape' in asked && asked.shape.quantities.toText()).toBe('cpus:1.5; mem:64; ports:2');
    expect(readShapeQuery({ ports: '[8080-8081,9000-9000]' })).toMatchObject({
      role: '*',
      shape: {
        ports: [
          { begin: 8080, end: 8081 },
          { begin: 9000, end: 9000 },
        ],
      },
    });
  });

  it('names every fault of a query', () => {
    const { status, code, errors } = readShapeQuery({
      cpus: 'many',
      memBytes: '-1',
      ports: '9-1',
      where: 'rack',
      role: 'a//b',
      colour: 'red',
    }) as { status: number; code: string; errors: { path: string }[] };
    expect([status, code]).toEqual([400, 'request.malformed']);
    expect(errors.map(({ path }) => path)).toEqual(['cpus', 'memBytes', 'ports', 'where', 'role', 'colour']);
  });

  it('refuses a query that asks for nothing', () => {
    expect(readShapeQuery({ role: 'r' })).toMatchObject({ status: 400 });
  });
});
