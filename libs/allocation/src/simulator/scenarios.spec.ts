import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from './parse/parse-scenario.js';
import { resultJson, summaryJson } from './result-json.js';
import { ScenarioRun } from './run-scenario.js';
import { VERBS } from './verbs/verbs.js';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

const replay = (text: string): { lines: string[]; differences: string[]; expectations: number } => {
  const run = new ScenarioRun(parseScenario(text));
  const lines: string[] = [];
  const differences: string[] = [];
  for (const result of run.results()) {
    lines.push(resultJson(result));
    if (result.kind !== 'expect') continue;
    for (const difference of result.differences) differences.push(`step ${result.step}: ${difference}`);
  }
  lines.push(summaryJson(run.summary));
  return { lines, differences, expectations: run.summary.expectations };
};

describe('scenarios', () => {
  it.each(files)('%s: all expectations hold', (name) => {
    const { differences, expectations } = replay(read(name));
    expect(differences).toEqual([]);
    expect(expectations).toBeGreaterThan(0);
  });

  it('cover every allocation rule from A1 to A82', () => {
    const named = new Set(files.flatMap((name) => [...read(name).matchAll(/\bA(\d+)\b/g)].map((match) => match[1])));
    const rules = Array.from({ length: 82 }, (_, i) => String(i + 1));
    expect(rules.filter((rule) => !named.has(rule))).toEqual([]);
  });

  it('name in their description the rule that their file is named for', () => {
    const strange = files.filter((name) => {
      const rule = /^a(\d+)-/.exec(name)?.[1];
      const { description } = JSON.parse(read(name)) as { description?: string };
      return rule !== undefined && !new RegExp(`\\bA${Number(rule)}\\b`).test(description ?? '');
    });
    expect(strange).toEqual([]);
  });

  it('use every verb', () => {
    const all = files.map(read).join('\n');
    expect([...VERBS.keys()].filter((verb) => !all.includes(`{"${verb}": {`))).toEqual([]);
  });

  it.each(['a28-random-sorter.json', 'a38-agent-order.json'])('%s is the same on every run', (name) => {
    expect(replay(read(name)).lines).toEqual(replay(read(name)).lines);
  });

  it('are different with another seed', () => {
    const text = read('a38-agent-order.json');
    const other = text.replace('"seed": 1', '"seed": 2');
    expect(other).not.toBe(text);
    expect(replay(other).lines).not.toEqual(replay(text).lines);
  });
});
