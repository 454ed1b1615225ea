import { describe, expect, it } from 'vitest';
import { readAgentResources } from '../operand.js';

const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } };
const read = (input: string | object[], defaultRole?: string) =>
  readAgentResources(typeof input === 'string' ? input : JSON.stringify(input), { defaultRole }).toText();

describe('resources as an agent is given them', () => {
  it('are text without suffixes', () => {
    expect(read('cpus:4;mem(r):4096; ports:[1-2, 3-4]; zones:{a,b};gpus:0')).toBe(
      'cpus:4; mem(r):4096; ports:[1-4]; zones:{a, b}',
    );
  });

  it('are a JSON array', () => {
    expect(read([cpus, { ...cpus, name: 'mem', role: 'r' }])).toBe('cpus:1; mem(r):1');
  });

  it('take the default role where they name none', () => {
    expect(read('cpus:1;mem(*):1;disk(x):1', 'r')).toBe('cpus(r):1; disk(x):1; mem:1');
    expect(read([cpus, { ...cpus, name: 'mem', reservations: [{ type: 'STATIC', role: 'x' }] }], 'r')).toBe(
      'cpus(r):1; mem(x):1',
    );
  });

  it('may be whole disks, which only JSON can say', () => {
    const disk = {
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 9 },
      disk: { source: { type: 'MOUNT', mount: { root: '/m' } } },
    };
    expect(read([disk])).toBe('disk[MOUNT:/m]:9');
  });

  it.each([
    ['cpus', "Bad value for resources, missing or extra ':' in cpus"],
    ['cpus:1:2', "Bad value for resources, missing or extra ':' in cpus:1:2"],
    ['cpus(r:1', 'Bad value for resources, mismatched parentheses in cpus(r:1'],
    ['cpus)r(:1', 'Bad value for resources, mismatched parentheses in cpus)r(:1'],
    ['cpus:x', 'Bad type for resource cpus value x type TEXT'],
    ['cpus:-1', 'Bad type for resource cpus value -1 type TEXT'],
    ['cpus:inf', 'Bad type for resource cpus value inf type TEXT'],
    ['cpus:0.0001', 'Invalid scalar resource: value <= 0'],
    ['ports:[1]', 'Failed to parse resource ports value [1] error Expecting one or more "ranges"'],
    ['ports:[1-2', 'Failed to parse resource ports value [1-2 error Mismatched brackets'],
    ['ports:[2-1]', 'Invalid ranges resource: begin > end'],
    ['ports:[a-b]', 'Failed to parse resource ports value [a-b] error not ranges of whole numbers'],
    ['zones:{a,a}', 'Invalid set resource: duplicated elements'],
    [':1', 'Empty resource name'],
    ['cpus():1', 'Role names cannot be the empty string'],
    ['cpus(a//b):1', "Role 'a//b' cannot contain two adjacent slashes"],
    ['cpus:1;cpus:[1-2]', "Resources with the same name ('cpus') but different types are not allowed"],
    ['cpus{REV}:4', 'only a role may follow the name in cpus{REV}:4'],
    ['disk[v1]:4', 'only a role may follow the name in disk[v1]:4'],
    ['disk[MOUNT:/m]:4', "missing or extra ':'"],
    ['[{"name":"cpus"', 'Some JSON resources were not formatted properly: '],
    ['[] cpus:1', 'Some JSON resources were not formatted properly: '],
    ['[{"name":"cpus","type":"SCALAR","scalar":{"value":-1}}]', 'Invalid scalar resource: value <= 0'],
    ['[1]', 'resource: expected an object'],
  ])('are refused with the words of Mesos: %s', (input, message) => {
    expect(() => read(input)).toThrow(message);
  });

  it.each([
    [
      'persistent volumes',
      { name: 'disk', role: 'r', disk: { persistence: { id: 'v' } } },
      'Persistent volumes cannot be specified at the command line',
    ],
    ['revocable resources', { revocable: {} }, 'Revocable resources cannot be specified at the command line'],
    [
      'dynamic reservations',
      { role: 'r', reservation: {} },
      'Dynamic reservations cannot be specified at the command line',
    ],
  ])('are no %s', (_name, more, message) => {
    expect(() => read([{ ...cpus, ...more }])).toThrow(message);
  });
});
