import { describe, expect, it } from 'vitest';
import { boundingCapabilities } from './capabilities.js';

describe('boundingCapabilities', () => {
  it('names the bits of the bounding set', () => {
    const status = 'Name:\tnode\nCapEff:\t000001ffffffffff\nCapBnd:\t0000000000000021\nCapAmb:\t0000000000000000\n';
    expect(boundingCapabilities(status)).toEqual(['CAP_CHOWN', 'CAP_KILL']);
  });

  it('knows all 41 capabilities', () => {
    expect(boundingCapabilities('CapBnd:\t000001ffffffffff\n')).toHaveLength(41);
  });

  it('leaves bits out that it has no name for', () => {
    expect(boundingCapabilities('CapBnd:\tffffffffffffffff\n')).toHaveLength(41);
  });

  it('is empty where nothing is told', () => {
    expect(boundingCapabilities('')).toEqual([]);
  });
});
