import { describe, expect, it } from 'vitest';
import { readResources } from './operand.js';

const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } };

describe('resources as people write them', () => {
  it('are a text', () => {
    expect(readResources('cpus:1;disk(r)[v]<SHARED>:5').toText()).toBe('cpus:1; disk(r)[v]<SHARED>:5');
  });

  it('are a list of texts and documents, which add up', () => {
    expect(readResources(['cpus:1;mem:2', cpus, { ...cpus, role: 'r' }]).toText()).toBe('cpus:2; cpus(r):1; mem:2');
  });

  it('are a JSON array in a text', () => {
    expect(readResources(` ${JSON.stringify([cpus])} `).toText()).toBe('cpus:1');
    expect(readResources(['mem:1', JSON.stringify([cpus])]).toText()).toBe('cpus:1; mem:1');
  });

  it.each([
    ['a JSON array with something after it', `${JSON.stringify([cpus])};mem:1`, 'not formatted properly'],
    ['a text in a JSON array', '["cpus:1"]', 'resource: expected an object'],
    ['a number', 5, 'expected resources: a text or a list'],
    ['a single document', cpus, 'expected resources: a text or a list'],
    ['nothing', undefined, 'expected resources: a text or a list'],
    ['a list in a list', [['cpus:1']], 'resource: expected an object'],
    [
      'an invalid document',
      [{ ...cpus, scalar: { value: -1 } }],
      "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0",
    ],
    ['one name with two kinds (A1)', 'cpus:1;cpus:[1-2]', 'cpus: used with two kinds of value'],
    ['two kinds in text and document (A1)', ['cpus:[1-2]', cpus], 'cpus: used with two kinds of value'],
  ])('are not %s', (_name, operand, message) => {
    expect(() => readResources(operand)).toThrow(message);
  });
});
