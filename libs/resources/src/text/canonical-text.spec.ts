import { describe, expect, it } from 'vitest';
import type { Resource } from '../resource.js';
import { Resources } from '../resources.js';
import { canonicalText } from './canonical-text.js';

describe('canonical text', () => {
  it('sorts objects by the part before the value, in byte order', () => {
    expect(Resources.parse('mem:1;cpus(r):1;cpus:1;disk[v]:1;disk:1;Z:1;cpus{REV}:1').toText()).toBe(
      'Z:1; cpus:1; cpus(r):1; cpus{REV}:1; disk:1; disk[v]:1; mem:1',
    );
  });

  it('is empty for nothing', () => {
    expect(Resources.EMPTY.toText()).toBe('');
  });

  it('shows the reservation role, whether static or dynamic, and no outer entry (A10)', () => {
    const refined: Resource = {
      name: 'cpus',
      value: { kind: 'scalar', milli: 1000 },
      reservations: [
        { type: 'STATIC', role: 'a' },
        { type: 'DYNAMIC', role: 'a/b', principal: 'p' },
      ],
    };
    expect(canonicalText([refined])).toBe('cpus(a/b):1');
  });

  it('shows several copies of a shared volume', () => {
    const one = Resources.parse('disk(r)[v1]<SHARED>:5');
    expect(one.toText()).toBe('disk(r)[v1]<SHARED>:5');
    expect(one.plus(one).toText()).toBe('disk(r)[v1]<SHARED*2>:5');
  });

  it('writes scalars with at most three decimals and no trailing zero', () => {
    expect(Resources.parse('a:1.50;b:2.0;c:0.1235').toText()).toBe('a:1.5; b:2; c:0.124');
  });

  it('sorts and joins ranges and sorts set items', () => {
    expect(Resources.parse('ports:[7-10,1-2,3-3];zones:{b,a,B}').toText()).toBe('ports:[1-3, 7-10]; zones:{B, a, b}');
  });

  it('shows disk sources with their root', () => {
    expect(Resources.parse('disk[MOUNT:/m]:1;disk(r)[PATH:/p,v]:2;disk[RAW]:3;disk[BLOCK]:4').toText()).toBe(
      'disk(r)[PATH:/p,v]:2; disk[BLOCK]:4; disk[MOUNT:/m]:1; disk[RAW]:3',
    );
  });
});
