import { readFileSync } from 'node:fs';
import type { MediaType } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT_RULES } from './agent-api/agent-rules.js';
import { AgentStage } from './agent-api/agent-stage.js';

const ENCODINGS: readonly MediaType[] = ['application/json', 'application/x-protobuf'];

describe.each(ENCODINGS)('the agent API in %s', (mediaType) => {
  let stage: AgentStage;
  beforeAll(async () => {
    stage = await AgentStage.start(mediaType);
  });
  afterAll(() => stage?.stop());

  it.each(AGENT_RULES.map((rule) => [rule.at, rule.says, rule] as const))('%s: %s', async (_at, _says, rule) => {
    await rule.check(stage);
  });
});

describe('the conformance suite of the agent API', () => {
  it('has all that differs in docs/conformance.md', () => {
    const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8');
    const differing = AGENT_RULES.filter(({ differs }) => differs !== undefined);
    const missing = differing.map(({ at, says, differs }) => `| ${at} | ${says} | ${differs} |`);
    expect(missing.filter((row) => !page.includes(row))).toEqual([]);
  });
});
