import { readFileSync } from 'node:fs';
import type { MediaType } from '@tranche/mesos-api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR_RULES } from './operator-api/operator-rules.js';
import { OperatorStage } from './operator-api/operator-stage.js';

const ENCODINGS: readonly MediaType[] = ['application/json', 'application/x-protobuf'];
/** Rules that held, by `at` and what they say. */
const held = new Set<string>();

describe.each(ENCODINGS)('the operator API in %s', (mediaType) => {
  let stage: OperatorStage;
  beforeAll(async () => {
    stage = await OperatorStage.start(mediaType);
  });
  afterEach(() => stage?.leaveAll());
  afterAll(() => stage?.stop());

  it.each(OPERATOR_RULES.map((rule) => [rule.at, rule.says, rule] as const))('%s: %s', async (_at, _says, rule) => {
    await rule.check(stage);
    held.add(`${rule.at} ${rule.says}`);
  });
});

describe('the conformance suite of the operator API', () => {
  it('has one row for each rule', () => {
    const rows = OPERATOR_RULES.map(({ at, says }) => `${at} ${says}`);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('has all that differs in docs/conformance.md', () => {
    const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8');
    const differing = OPERATOR_RULES.filter(({ differs }) => differs !== undefined);
    const missing = differing.map(({ at, says, differs }) => `| ${at} | ${says} | ${differs} |`);
    expect(missing.filter((row) => !page.includes(row))).toEqual([]);
  });
});

afterAll(() => {
  const differing = OPERATOR_RULES.filter(({ differs }) => differs !== undefined);
  const holding = OPERATOR_RULES.filter(
    ({ at, says, differs }) => differs === undefined && held.has(`${at} ${says}`),
  ).length;
  process.stdout.write(
    `operator API: ${holding} of ${OPERATOR_RULES.length} rules hold, ${differing.length} differ as docs/conformance.md says\n`,
  );
});
