import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Codes of problems in the code: `problem(409, 'quota.overcommit', …)`, and `unknown('agent', …)`, which is `agent.unknown`, `code: 'agent.changed'`. */
function codesInCode(): string[] {
  const files = globSync('{libs/http,libs/local,services/*}/src/**/*.ts', { cwd: ROOT }).filter(
    (path) => !/\.spec\.ts$/.test(path),
  );
  const text = files.map((path) => readFileSync(resolve(ROOT, path), 'utf8')).join('\n');
  const made = [...text.matchAll(/\b(?:problem|refusal)\(\s*[\w.]+,\s*'([a-z]+\.[a-z_]+)'/g)].map(
    ([, code = '']) => code,
  );
  const unknown = [...text.matchAll(/\bunknown\(\s*'([a-z]+)'/g)].map(([, noun = '']) => `${noun}.unknown`);
  const guarded = [...text.matchAll(/\bcode: '([a-z]+\.changed)'/g)].map(([, code = '']) => code);
  // Of the verbs of an agent, each its own.
  const [, verbs = ''] = /VERBS = \[('drain'[^\]]+)\]/.exec(text) ?? [];
  const orders = [...verbs.matchAll(/'([a-z]+)'/g)].map(([, verb]) => `agent.cannot_${verb}`);
  return [...new Set([...made, ...unknown, ...guarded, ...orders])].toSorted();
}

it('docs/errors.md has every code of a problem, with meaning and remedy', () => {
  const page = readFileSync(resolve(ROOT, 'docs/errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z]+\.[a-z_]+)` \| (?:\d{3}|4xx) \| [^|]{10,} \| [^|]{10,} \|$/gm)];
  expect(rows.map(([, code]) => code)).toEqual(codesInCode());
});
