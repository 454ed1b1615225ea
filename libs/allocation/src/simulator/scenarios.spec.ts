import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from './parse/parse-scenario.js';
import { ScenarioRun } from './run-scenario.js';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

describe('scenarios', () => {
  it.each(files)('%s: all expectations hold', (name) => {
    const run = new ScenarioRun(parseScenario(read(name)));
    const differences: string[] = [];
    for (const result of run.results()) {
      if (result.kind !== 'expect') continue;
      for (const text of result.differences) differences.push(`step ${result.step}: ${text}`);
    }
    expect(differences).toEqual([]);
    expect(run.summary.expectations).toBeGreaterThan(0);
  });
});
