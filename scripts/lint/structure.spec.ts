import { describe, expect, it } from 'vitest';
import { findStructureFaults } from './structure.mjs';

const faultsOf = (path: string, text: string): string => findStructureFaults([{ path, text }]).join('\n');

describe('structure lint', () => {
  it.each([
    ['libs/resources/src/a.ts', "import { Module } from '@nestjs/common';", 'pure code imports @nestjs/common'],
    ['services/offers/src/offers/make-offers.ts', "import { DataSource } from 'typeorm';", 'pure code imports typeorm'],
    ['services/offers/src/a.ts', "import { x } from '@tranche/registry';", 'imports service registry'],
    ['libs/cli/src/a.ts', "import { x } from '@tranche/resources/dist/y.js';", 'deep import'],
    ['libs/cli/src/a.ts', "import { x } from '../../resources/src/y.js';", 'leaves the package'],
    ['libs/cli/src/index.ts', "export * from './y.js';", 'no export *'],
    ['libs/allocation/src/a.ts', 'const t = Date.now();', 'Date.now here'],
    ['libs/allocation/src/a.ts', 'const t = new Date();', 'new Date() in pure code'],
    ['libs/allocation/src/a.ts', 'const t = Math.random();', 'Math.random here'],
    ['services/agent/src/http/a.ts', 'const t = process.env.X;', 'process.env here'],
    ['libs/cli/src/utils/a.ts', '', 'no utils, common, shared or helpers'],
    ['libs/cli/src/a.ts', 'x;\n'.repeat(301), '301 lines, at most 300'],
    ['vendor/x.ts', '', 'a new top-level name'],
  ])('finds in %s: %s', (path, text, fault) => {
    expect(faultsOf(path, text)).toContain(fault);
  });

  it.each([
    ['services/offers/src/offers/offers.consumer.ts', "import { Controller } from '@nestjs/common';"],
    ['services/offers/src/offers.config.ts', 'const e = process.env;'],
    ['services/offers/src/system.clock.ts', 'const t = Date.now();'],
    ['libs/local/src/start-cluster.ts', "import { startOffers } from '@tranche/offers';"],
    ['libs/cli/src/a.ts', `// size: a table of 400 codes\n${'x;\n'.repeat(400)}`],
    ['libs/allocation/src/a.spec.ts', 'const t = Math.random();'],
  ])('allows in %s: %s', (path, text) => {
    expect(faultsOf(path, text)).toBe('');
  });

  it('finds cycles of imports, types left out', () => {
    const files = (kind: string) => [
      { path: 'libs/cli/src/a.ts', text: "import { b } from './b.js';" },
      { path: 'libs/cli/src/b.ts', text: `import ${kind}{ a } from './a.js';` },
    ];
    expect(findStructureFaults(files('')).join()).toContain('import cycle');
    expect(findStructureFaults(files('type '))).toEqual([]);
  });

  it('finds folders that hold too much', () => {
    const files = Array.from({ length: 21 }, (_, i) => ({ path: `libs/cli/src/x/f${i}.ts`, text: '' }));
    expect(findStructureFaults(files)).toEqual(['libs/cli/src/x: 21 source files, at most 20: divide by concept']);
  });
});
