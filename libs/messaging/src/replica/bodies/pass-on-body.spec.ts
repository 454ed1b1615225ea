import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { passOnBody } from './pass-on-body.js';
import { RequestBody } from './request-body.js';

describe('passOnBody', () => {
  const passOn = async (written: PassThrough, states: ('taken' | 'full' | 'closed')[]): Promise<unknown[]> => {
    const given: unknown[] = [];
    await passOnBody(new RequestBody(written), {
      give: async (data, isLast) => {
        given.push([data.toString(), isLast]);
        return states.shift() ?? 'taken';
      },
      stillThere: async () => void given.push('looked'),
    });
    return given;
  };

  it('gives no more to who is full, and asks until there is room', async () => {
    const body = new PassThrough();
    body.write('one');
    const given = passOn(body, ['full', 'full']);
    body.end();
    expect(await given).toEqual([['one', false], ['', false], ['', false], 'looked', ['', true]]);
  });

  it('throws away what nobody reads', async () => {
    const body = new PassThrough();
    body.write('one');
    expect(await passOn(body, ['closed'])).toEqual([['one', false]]);
    body.end('two');
    await new Promise((resolve) => body.on('end', resolve));
  });

  it('fails when the body breaks off, which is not its end', async () => {
    const body = new PassThrough();
    body.write('one');
    const given = passOn(body, []);
    body.destroy(new Error('aborted'));
    await expect(given).rejects.toThrow('aborted');
  });
});
