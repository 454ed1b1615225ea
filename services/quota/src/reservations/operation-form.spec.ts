import { describe, expect, it } from 'vitest';
import { type FormPath, parseOperationForm } from './operation-form.js';

const cpus = { name: 'cpus', type: 'SCALAR' as const, scalar: { value: 1 } };
const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

describe('parseOperationForm', () => {
  it.each<[path: FormPath, fields: Record<string, string>, info: object]>([
    ['/reserve', { resources: JSON.stringify([cpus]) }, { type: 'RESERVE', reserve: { resources: [cpus] } }],
    [
      '/reserve',
      { resources: '[]', source: JSON.stringify([cpus]) },
      { type: 'RESERVE', reserve: { source: [cpus], resources: [] } },
    ],
    ['/unreserve', { resources: JSON.stringify([cpus]) }, { type: 'UNRESERVE', unreserve: { resources: [cpus] } }],
    ['/create-volumes', { volumes: '[]' }, { type: 'CREATE', create: { volumes: [] } }],
    ['/destroy-volumes', { volumes: '[]' }, { type: 'DESTROY', destroy: { volumes: [] } }],
  ])('reads %s %j', (path, fields, info) => {
    expect(parseOperationForm(path, form({ slaveId: 'S', ...fields }))).toEqual({ ok: true, agentId: 'S', info });
  });

  it.each<[path: FormPath, body: string, error: string]>([
    ['/reserve', '', "Missing 'slaveId' query parameter in the request body"],
    ['/reserve', 'not a form', "Missing 'slaveId' query parameter in the request body"],
    ['/reserve', 'resources=[]', "Missing 'slaveId' query parameter in the request body"],
    ['/reserve', 'slaveId=S', "Missing 'resources' query parameter in the request body"],
    ['/create-volumes', 'slaveId=S', "Missing 'volumes' query parameter in the request body"],
    ['/reserve', 'slaveId=%zz', "Unable to decode query string: 'slaveId=%zz' is not percent-encoded"],
    [
      '/reserve',
      'slaveId=S&resources={bad',
      "Error parsing 'resources' query parameter in the request body: syntax error at line 1 near: bad",
    ],
    [
      '/unreserve',
      'slaveId=S&resources={}',
      "Error parsing 'resources' query parameter in the request body: Unexpected JSON type parsed",
    ],
  ])('refuses %s %j', (path, body, error) => {
    expect(parseOperationForm(path, body)).toEqual({ ok: false, error });
  });

  it('refuses a list whose items are no resources', () => {
    const body = form({ slaveId: 'S', volumes: '[{"name":1}]' });
    expect(parseOperationForm('/destroy-volumes', body)).toEqual({
      ok: false,
      error: expect.stringMatching(/^Error parsing 'volumes' query parameter in the request body: /),
    });
  });
});
