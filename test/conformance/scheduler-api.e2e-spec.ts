import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Encoding } from './scheduler.js';
import { RULES } from './rules/rules.js';
import { Stage } from './stage.js';

/** What the run has seen, told at its end: rules that hold, by `at`. */
const covered = new Set<string>();

const both: readonly Encoding[] = ['JSON', 'protobuf'];
describe.each(both)('the scheduler API in %s', (encoding) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start(encoding);
  });
  afterEach(() => stage.leaveAll());
  afterAll(() => stage.stop());

  const rules = RULES.filter(({ only }) => only === undefined || only === encoding);
  it.each(rules.map((rule) => [rule.at, rule.says, rule] as const))('%s: %s', async (_at, _says, rule) => {
    await rule.check(stage);
    covered.add(rule.at);
  });
});

describe('the conformance suite', () => {
  it('has one row for each rule', () => {
    const rows = RULES.map(({ at, only }) => `${at} ${only ?? ''}`);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('has all that differs in docs/conformance.md', () => {
    const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8');
    const rows = RULES.filter(({ differs }) => differs !== undefined);
    const missing = rows.map(({ at, says, differs }) => `| ${at} | ${says} | ${differs} |`);
    expect(missing.filter((row) => !page.includes(row))).toEqual([]);
  });
});

afterAll(() => {
  const all = new Set(RULES.map(({ at }) => at));
  const differing = new Set(RULES.filter(({ differs }) => differs !== undefined).map(({ at }) => at));
  const holding = [...covered].filter((at) => !differing.has(at)).length;
  process.stdout.write(
    `scheduler API: ${holding} of ${all.size} rules hold, ${differing.size} differ as docs/conformance.md says, ` +
      `${all.size - holding - differing.size} were not seen to hold\n`,
  );
});
