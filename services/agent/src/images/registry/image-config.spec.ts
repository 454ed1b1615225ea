import { describe, expect, it } from 'vitest';
import { readImageConfig } from './image-config.js';

const ID = `sha256:${'ab'.repeat(32)}`;
const read = (document: unknown, layers = 1) => readImageConfig(Buffer.from(JSON.stringify(document)), layers, 'x:1');

describe('readImageConfig', () => {
  it('reads how an image wants to be run', () => {
    const config = { Env: ['A=b=c', 'EMPTY'], Entrypoint: ['/e'], Cmd: null, WorkingDir: '/srv', User: 'app:app' };
    expect(read({ config, rootfs: { type: 'layers', diff_ids: [ID] } })).toEqual({
      diffIds: [ID],
      runtime: {
        env: [
          ['A', 'b=c'],
          ['EMPTY', ''],
        ],
        ...{ entrypoint: ['/e'], cmd: [], workingDirectory: '/srv', user: 'app:app' },
      },
    });
  });

  it('takes one that asks for nothing', () => {
    expect(read({ rootfs: { diff_ids: [ID] }, config: null }).runtime).toEqual({ env: [], entrypoint: [], cmd: [] });
  });

  it('refuses one that does not belong to its manifest', () => {
    expect(() => read({ rootfs: { diff_ids: [ID] } }, 2)).toThrow(
      'the configuration of x:1 names 1 layers, its manifest 2',
    );
    expect(() => read({ rootfs: { diff_ids: ['../../etc'] } })).toThrow('diff_ids that are no sha256');
    expect(() => readImageConfig(Buffer.from('x'), 0, 'x:1')).toThrow('is no JSON document');
  });
});
