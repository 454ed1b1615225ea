import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...['registry', 'allocator', 'offers', 'quota', 'agent'].map((service) => `services/${service}/README.md`),
];

/** Links to files, and `path/to/file.ts` in code font that begins at the root of the repository. */
function namedFiles(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path = '']) =>
    join(dirname(document), path),
  );
  const paths = [...text.matchAll(/`((?:services|libs|docs|test|scripts|examples|helm)\/[\w./-]+\.\w+)`/g)].map(
    ([, path = '']) => path,
  );
  return [...links, ...paths];
}

/** Rows of a table that name a file and a symbol in it: | … | `path/file.ts` | `symbol` | … */
function namedSymbols(document: string): { path: string; symbol: string }[] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/`((?:services|libs)\/[\w./-]+\.ts)`\s*\|\s*`(\w+)`/g)].map(
    ([, path = '', symbol = '']) => ({ path, symbol }),
  );
}

describe.each(documents)('%s', (document) => {
  it('names only files that are there', () => {
    expect(namedFiles(document).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only symbols that their files define', () => {
    const missing = namedSymbols(document).filter(({ path, symbol }) => {
      const source = readFileSync(join(root, path), 'utf8');
      return !new RegExp(
        `\\b(function|class|const|interface|type|async)\\s+${symbol}\\b|^\\s+(async\\s+)?${symbol}\\(`,
        'm',
      ).test(source);
    });
    expect(missing).toEqual([]);
  });
});

it('the README and the life of an offer name files and symbols', () => {
  expect(namedSymbols('README.md').length).toBeGreaterThan(5);
  expect(namedSymbols('docs/life-of-an-offer.md').length).toBeGreaterThan(5);
});
