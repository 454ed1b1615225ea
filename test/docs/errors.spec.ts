import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** A file that makes problems says so: by the type, the function, or a refusal that becomes one. */
const MAKES_PROBLEMS = /\b(?:problem|ProblemError|Problem|refusal)\b/;

/**
 * Codes of problems in the code: whatever looks like one in a file that makes problems, however it gets there, `problem(409, 'quota.overcommit', …)`,
 * `conflict('task.ended', …)`, `code: 'agent.changed'`; and `unknown('agent', …)`, which is `agent.unknown`.
 */
function codesInCode(): string[] {
  const files = globSync('{libs/http,libs/local,services/*}/src/**/*.ts', { cwd: ROOT }).filter(
    (path) => !/\.(spec|fakes)\.ts$/.test(path),
  );
  const sources = files.map((path) => withoutComments(readFileSync(resolve(ROOT, path), 'utf8')));
  const text = sources.join('\n');
  const making = sources.filter((source) => MAKES_PROBLEMS.test(source)).join('\n');
  const made = [...making.matchAll(/'([a-z]+\.(?!js')[a-z_]+)'/g)].map(([, code = '']) => code);
  const guarded = [...text.matchAll(/\bcode: '([a-z]+\.changed)'/g)].map(([, code = '']) => code);
  const unknown = [...text.matchAll(/\bunknown\(\s*'([a-z]+)'/g)].map(([, noun = '']) => `${noun}.unknown`);
  // Of the verbs of an agent, each its own.
  const [, verbs = ''] = /VERBS = \[('drain'[^\]]+)\]/.exec(text) ?? [];
  const orders = [...verbs.matchAll(/'([a-z]+)'/g)].map(([, verb]) => `agent.cannot_${verb}`);
  return [...new Set([...made, ...unknown, ...guarded, ...orders])].toSorted();
}

const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

it('no code of a problem is put together but those that the test above knows', () => {
  const files = globSync('{libs/http,libs/local,services/*}/src/**/*.ts', { cwd: ROOT });
  const built = files.flatMap((path) =>
    [
      ...readFileSync(resolve(ROOT, path), 'utf8').matchAll(
        /\b(?:problem|refusal|conflict)\(\s*(?:[\w.]+,\s*)?(`[^`]*`)/g,
      ),
    ].map(([, code = '']) => code),
  );
  expect([...new Set(built)].toSorted()).toEqual(['`${noun}.unknown`', '`agent.cannot_${verb}`']);
});

it('docs/errors.md has every code of a problem, with meaning and remedy', () => {
  const page = readFileSync(resolve(ROOT, 'docs/errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z]+\.[a-z_]+)` \| (?:\d{3}|4xx) \| [^|]{10,} \| [^|]{10,} \|$/gm)];
  expect(rows.map(([, code]) => code)).toEqual(codesInCode());
});
