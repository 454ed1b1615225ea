import { describe, expect, it } from 'vitest';
import { excess } from './excess.js';
import { Resources } from './resources.js';

const of = (held: string, total: string): string => excess(Resources.parse(held), Resources.parse(total)).toText();

describe('what is held beyond a total', () => {
  it('is nothing while it all has room, reserved or not', () => {
    expect(of('cpus:2;mem(r):64;ports:[5-6]', 'cpus(r):2;mem:64;ports:[1-9]')).toBe('');
    expect(of('', 'cpus:1')).toBe('');
  });

  it('is the difference of each resource of which there is less', () => {
    expect(of('cpus:3.5;cpus(r):1;mem:64;ports:[4-6]', 'cpus:2;mem:128;ports:[1-5]')).toBe('cpus:2.5; ports:[6-6]');
  });

  it('is everything of a resource that the total does not have', () => {
    expect(of('gpus:1;cpus:1', 'cpus:1')).toBe('gpus:1');
  });
});
