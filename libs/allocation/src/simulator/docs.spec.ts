import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXPECTATIONS } from './expectations/expectations.js';
import { parseScenario } from './parse/parse-scenario.js';
import { ScenarioRun } from './run-scenario.js';
import { VERBS } from './verbs/verbs.js';

const page = readFileSync(new URL('../../../../docs/simulate.md', import.meta.url), 'utf8');

describe('docs/simulate.md', () => {
  it('names every verb and every field of expectations', () => {
    const names = [...VERBS.keys(), ...EXPECTATIONS.map(({ field }) => field)];
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('names every option, of which an unknown one tells the list', () => {
    const known = (): string => {
      try {
        parseScenario('{"options":{"?":1},"steps":[]}');
      } catch (error) {
        return (error as Error).message.replace(/.*known are /, '');
      }
      return '';
    };
    const options = known().split(', ');
    expect(options).toHaveLength(10);
    expect(options.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('shows an example whose expectations hold', () => {
    const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
    const run = new ScenarioRun(parseScenario(example));
    for (const _ of run.results()) continue;
    expect(run.summary).toEqual({ steps: 5, expectations: 1, failed: 0 });
  });
});
