import { describe, expect, it } from 'vitest';
import { imageArgv, imageEnvironment } from './image-command.js';

const runtime = (more: object = {}) => ({ env: [], entrypoint: [], cmd: [], ...more });

describe('imageArgv', () => {
  const both = runtime({ entrypoint: ['/e', '-x'], cmd: ['c', 'd'] });

  it.each([
    ['a shell command leaves the entry point aside', { value: 'run me' }, both, ['sh', '-c', 'run me']],
    ['a program has its whole argv', { shell: false, value: '/p', arguments: ['name', '1'] }, both, ['/p', '1']],
    ['without one the entry point is run with the command', { shell: false }, both, ['/e', '-x', 'c', 'd']],
    ['arguments stand for the command', { shell: false, arguments: ['1'] }, both, ['/e', '-x', '1']],
    ['without an entry point the command is run', { shell: false }, runtime({ cmd: ['c', 'd'] }), ['c', 'd']],
    [
      'with arguments in place of its own',
      { shell: false, arguments: ['1'] },
      runtime({ cmd: ['c', 'd'] }),
      ['c', '1'],
    ],
  ])('%s', (_, command, image, argv) => {
    expect(imageArgv(command, image, 'x')).toEqual(argv);
  });

  it('says when nothing says what to run', () => {
    expect(() => imageArgv({ shell: false }, runtime(), 'x:1')).toThrow('neither the task nor the image x:1 says');
    expect(() => imageArgv({}, both, 'x:1')).toThrow('is empty');
  });
});

describe('imageEnvironment', () => {
  it('puts the image over the agent and the command over the image', () => {
    const command = { environment: { variables: [{ name: 'C', value: 'command' }] } };
    const given = ['PATH', 'B', 'C'].map((name) => [name, 'agent'] as const);
    const image = runtime({ env: [['PATH', 'image'], ['C', 'image'], ['D', 'image']] }); // biome-ignore format: short
    expect(Object.fromEntries(imageEnvironment(given, command, image))).toEqual({
      ...{ PATH: 'image', B: 'agent', C: 'command', D: 'image' },
    });
  });
});
