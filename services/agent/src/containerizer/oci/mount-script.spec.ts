import { describe, expect, it } from 'vitest';
import { composeMountScript } from './mount-script.js';

describe('composeMountScript', () => {
  it('lays layers over one another, and has no file of them give rights or be a device', () => {
    expect(composeMountScript([{ place: '/root fs/c1', lower: ['0', '1'] }]).split('\n')).toEqual([
      '#!/bin/sh',
      `(cd '/root fs/c1' && mount -t overlay overlay -o nosuid,nodev,lowerdir=0:1,upperdir=upper,workdir=work rootfs) || exit 1`,
      'exec "$@"',
      '',
    ]);
  });
});
