import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ignored, readDockerfile } from './dockerfile.mjs';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

describe('our Dockerfile', () => {
  const { stages } = readDockerfile(read('Dockerfile'), { BASE: 'base' });
  const last = stages.at(-1);
  const wordsOf = (instruction: string): string[] =>
    (last?.steps ?? []).filter((step) => step.instruction === instruction).map((step) => step.words);

  it('is built from one base in two stages', () => {
    expect(stages.map(({ base, name }) => [base, name])).toEqual([
      ['base', 'build'],
      ['base', undefined],
    ]);
  });

  it('ends as a user by number that is not root', () => {
    expect(wordsOf('USER')).toEqual(['10001:10001']);
  });

  it('has no compiler, package manager or source in what is run', () => {
    expect(wordsOf('COPY')).toEqual(['--from=build /image /opt/tranche']);
    expect(wordsOf('RUN').join()).not.toMatch(/\b(npm|gcc|make|curl)\b/);
  });

  it('gives the build the commit that it is told, and says when it is told none', () => {
    const environmentOf = (given: Record<string, string>): string[] =>
      readDockerfile(read('Dockerfile'), given)
        .stages.slice(0, 1)
        .flatMap(({ steps }) => steps)
        .filter(({ instruction }) => instruction === 'ENV')
        .map(({ words }) => words);
    expect(environmentOf({})).toEqual(['COMMIT=unknown']);
    expect(environmentOf({ COMMIT: '9f2c' })).toEqual(['COMMIT=9f2c']);
  });

  it('says which line it does not understand', () => {
    expect(() => readDockerfile('FROM x\nVOLUME /data')).toThrow('Dockerfile:2: VOLUME is not understood');
  });
});

describe('.dockerignore', () => {
  it('keeps builds, dependencies and state out of the context, and sources in', () => {
    const isIgnored = ignored(read('.dockerignore'));
    const out = [
      '.git/config',
      'node_modules/x',
      'libs/http/node_modules/x',
      'services/offers/dist/main.js',
      '.tranche/db',
    ];
    expect(out.filter((path) => !isIgnored(path))).toEqual([]);
    const kept = [
      'package.json',
      'libs/http/src/index.ts',
      'scripts/image/assemble.mjs',
      '.npmrc',
      'libs/local/src/test.ts',
    ];
    expect(kept.filter(isIgnored)).toEqual([]);
  });
});
