import { describe, expect, it } from 'vitest';
import { Resources } from '../resources.js';
import { summarizeResources } from './summary.js';

describe('summarizeResources', () => {
  it('shows the four well-known scalars first, ranges as text', () => {
    const summary = summarizeResources(Resources.parse('cpus:0.1;mem:64;ports:[31000-32000]'));
    expect(JSON.stringify(summary)).toBe('{"disk":0,"mem":64,"gpus":0,"cpus":0.1,"ports":"[31000-32000]"}');
  });

  it('adds up whatever the reservation, and counts a shared volume once', () => {
    const summary = summarizeResources(
      Resources.parse('cpus:1;cpus(r):2;ports:[1-2];ports(r):[3-4];disk(r)[v]<SHARED*3>:5'),
    );
    expect(summary).toMatchObject({ cpus: 3, ports: '[1-4]', disk: 5 });
  });

  it('shows revocable totals apart', () => {
    expect(summarizeResources(Resources.parse('cpus:1;cpus{REV}:2'))).toMatchObject({ cpus: 1, cpus_revocable: 2 });
  });
});
