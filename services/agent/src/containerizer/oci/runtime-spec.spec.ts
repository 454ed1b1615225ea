import { describe, expect, it } from 'vitest';
import { mergeContributions, SpecConflictError } from './runtime-spec.js';

const PROC = { destination: '/proc', type: 'proc', source: 'proc', options: [] };
const DEV = { destination: '/dev', type: 'bind', source: '/dev', options: ['rbind'] };

describe('mergeContributions', () => {
  it('is empty without contributions', () => {
    expect(mergeContributions([])).toEqual({ namespaces: [], mounts: [], resources: {}, init: [] });
  });

  it('keeps mounts in the order of the isolators', () => {
    expect(mergeContributions([{ mounts: [DEV] }, {}, { mounts: [PROC] }]).mounts).toEqual([DEV, PROC]);
  });

  it('names a namespace once that two isolators ask for', () => {
    const merged = mergeContributions([{ namespaces: ['mount'] }, { namespaces: ['pid', 'mount'] }]);
    expect(merged.namespaces).toEqual(['mount', 'pid']);
  });

  it('joins different kinds of resources', () => {
    const merged = mergeContributions([{ resources: { cpu: { shares: 2 } } }, { resources: { memory: { limit: 1 } } }]);
    expect(merged.resources).toEqual({ cpu: { shares: 2 }, memory: { limit: 1 } });
  });

  it('refuses two isolators that set the same kind of resources', () => {
    const twice = [{ resources: { cpu: { shares: 2 } } }, { resources: { cpu: { shares: 3 } } }];
    expect(() => mergeContributions(twice)).toThrow(SpecConflictError);
  });

  it('refuses two inits', () => {
    const twice = [{ init: ['/usr/bin/tini', '--'] }, { init: ['/usr/bin/catatonit', '--'] }];
    expect(() => mergeContributions(twice)).toThrow('two isolators bring an init: /usr/bin/tini, /usr/bin/catatonit');
  });
});
