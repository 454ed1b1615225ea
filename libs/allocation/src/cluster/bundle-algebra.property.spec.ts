import { Resources } from '@tranche/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundleOf, resourcesOf } from './bundle.js';
import { addBundles, containsBundle, convertBundle, isSameBundle, subtractBundles } from './bundle-algebra.js';
import { KindTable } from './kind-table.js';
import { NameTable } from './name-table.js';

const piece = fc.constantFrom(
  'cpus:1',
  'cpus:0.5',
  'cpus(a):2',
  'cpus{REV}:1',
  'mem:100',
  'ports:[1-4]',
  'ports:[3-9]',
  'ports:[2-2, 6-7]',
  'zones:{x, y}',
  'zones:{y}',
  'disk(a)[v1]:5',
  'disk(a)[v2]<SHARED>:5',
  'disk[MOUNT:/m]:10',
  'disk[PATH:/p]:10',
  'disk[PATH:/p]:3',
);
const resources = fc.array(piece, { maxLength: 8 }).map((pieces) => Resources.parse(pieces.join(';')));

/** The engine's algebra on bundles must be that of collections, which is tested against the rules. */
describe('bundles', () => {
  const kinds = new KindTable(new NameTable());
  const bundle = (each: Resources) => bundleOf(each, kinds);

  it('add as collections do (A3, A5)', () => {
    fc.assert(
      fc.property(resources, resources, (a, b) => {
        expect(resourcesOf(addBundles(bundle(a), bundle(b))).toText()).toBe(a.plus(b).toText());
      }),
    );
  });

  it('subtract as collections do (A4, A5)', () => {
    fc.assert(
      fc.property(resources, resources, (a, b) => {
        expect(resourcesOf(subtractBundles(bundle(a), bundle(b))).toText()).toBe(a.minus(b).toText());
        expect(subtractBundles(bundle(a), bundle(a)).isEmpty).toBe(true);
      }),
    );
  });

  it('contain what collections contain (A4, A5)', () => {
    fc.assert(
      fc.property(resources, resources, (a, b) => {
        expect(containsBundle(bundle(a), bundle(b))).toBe(a.contains(b));
        expect(containsBundle(bundle(a.plus(b)), bundle(b))).toBe(a.plus(b).contains(b));
      }),
    );
  });

  it('convert as a difference and a sum', () => {
    fc.assert(
      fc.property(resources, resources, resources, (a, b, c) => {
        const converted = convertBundle(bundle(a), bundle(b), bundle(c));
        expect(resourcesOf(converted).toText()).toBe(a.minus(b).plus(c).toText());
      }),
    );
  });

  it('are the same only when they are equal', () => {
    fc.assert(
      fc.property(resources, resources, (a, b) => {
        if (isSameBundle(bundle(a), bundle(b))) expect(a.equals(b)).toBe(true);
        expect(isSameBundle(bundle(a), bundle(Resources.of(a)))).toBe(true);
      }),
    );
  });
});
