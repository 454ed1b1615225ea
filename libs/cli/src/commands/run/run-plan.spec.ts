import { describe, expect, it } from 'vitest';
import { type RunPlan, instanceName, planRun } from './run-plan.js';
import { mergeSpecs, type RunSpec } from './run-spec.js';

const plan = (spec: RunSpec): RunPlan => planRun(spec, '7f3a');

describe('planRun', () => {
  it('leaves to an image what is to be run, and takes the name from it', () => {
    expect(plan({ image: 'docker://127.0.0.1:5000/lib/nginx:1.27' })).toMatchObject({
      command: [],
      name: 'nginx-7f3a',
    });
    expect(plan({ image: 'busybox@sha256:00' }).name).toBe('busybox-7f3a');
  });

  it('gives small defaults', () => {
    expect(plan({ command: ['sleep', '60'] })).toMatchObject({
      name: 'sleep-7f3a',
      instances: 1,
      needs: { cpus: 0.1, memMb: 64, diskMb: 0, gpus: 0, ports: 0 },
      role: '*',
      restart: 'never',
    });
  });

  it.each([
    [{ command: 'echo a; echo b' }, 'echo a; echo b'],
    [{ command: ['echo a; echo b'] }, 'echo a; echo b'],
    [{ command: ['sh', '-c', 'exit 3'] }, ['sh', '-c', 'exit 3']],
    [{ command: ['echo', '$PORT0'], shell: true }, 'echo $PORT0'],
    [{ command: 'sleep 60', shell: false }, ['sleep', '60']],
  ])('understands the command of %j', (spec, command) => {
    expect(plan(spec).command).toEqual(command);
  });

  it.each([
    ['/usr/bin/python3 -m x', 'python3-7f3a'],
    ['for i in 1 2; do :; done', 'for-7f3a'],
    ['"$X"', 'X-7f3a'],
    ['$', 'task-7f3a'],
  ])('names %j after its program', (command, name) => {
    expect(plan({ command }).name).toBe(name);
  });

  it('reports every mistake at once', () => {
    const spec = { instances: 1.5, command: '', resources: { cpus: 'many', mem: '64' }, where: ['x'], name: '../x' };
    expect(() => plan(spec)).toThrow(
      expect.objectContaining({
        message: 'this cannot be run',
        details: [
          'nothing to run',
          'name: "../x" must be letters, digits, ".", "_" and "-", and begin with a letter or digit',
          'instances: 1.5 must be a whole number from 1',
          'cpus: "many" is no amount',
          'mem: "64" has no unit: 64m or 64g?',
          'where: "x" is not of the form ATTRIBUTE=VALUE or ATTRIBUTE:unique',
        ],
      }),
    );
  });

  it('checks health', () => {
    const health = { http: '/', interval: '5s', grace: '30s', failures: 3 };
    expect(plan({ command: 'x', resources: { ports: 1 }, health }).health).toMatchObject({
      http: '/',
      intervalSeconds: 5,
      graceSeconds: 30,
      failures: 3,
    });
    expect(() => plan({ command: 'x', health })).toThrow('health.http: needs resources.ports');
    expect(() => plan({ command: 'x', health: {} })).toThrow('health: needs either http or command');
  });
});

describe('instanceName', () => {
  it('has a number only where there are several', () => {
    expect(instanceName({ name: 'web', instances: 1 }, 0)).toBe('web');
    expect(instanceName({ name: 'web', instances: 3 }, 2)).toBe('web.2');
  });
});

describe('mergeSpecs', () => {
  it('prefers flags that are set, and joins environments', () => {
    const merged = mergeSpecs(
      { name: 'a', resources: { cpus: 1, mem: '1g' }, env: { A: '1', B: '1' } },
      { name: undefined, role: 'web', resources: { cpus: '2' }, env: { B: '2' } },
    );
    expect(merged).toEqual({
      name: 'a',
      role: 'web',
      resources: { cpus: '2', mem: '1g' },
      env: { A: '1', B: '2' },
      labels: {},
    });
  });
});
