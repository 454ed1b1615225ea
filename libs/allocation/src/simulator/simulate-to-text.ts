import { finalState, summaryText } from './output/final-state.js';
import { jsonLine, summaryLine } from './output/json-lines.js';
import { heading, stepText } from './output/report.js';
import { readScenario } from './scenario/scenario.js';
import { runScenario } from './simulate.js';

/**
 * Replays a scenario and renders it: the core of `tranche simulate`.
 *
 * @param json the scenario's text
 * @param format `json`: one object a line · `human`: steps, findings, and who has what in the end
 * @yields text with its newlines, as steps run
 * @returns the exit code: 0 when all expectations hold, 1 when some failed
 * @throws ScenarioError when the scenario is malformed, which is exit code 2; its message names step and field
 */
export function* simulateToText(json: string, format: 'json' | 'human'): Generator<string, 0 | 1> {
  const scenario = readScenario(json);
  const isJson = format === 'json';
  if (!isJson) yield heading(scenario);
  let expectations = 0;
  let failed = 0;
  const run = runScenario(scenario);
  let step = run.next();
  for (; step.done !== true; step = run.next()) {
    if (step.value.kind === 'expect') expectations++;
    if (step.value.kind === 'expect' && step.value.diff.length > 0) failed++;
    yield isJson ? `${jsonLine(step.value)}\n` : stepText(step.value);
  }
  if (isJson) yield `${summaryLine(scenario.steps.length, expectations, failed)}\n`;
  else yield finalState(step.value) + summaryText(expectations, failed);
  return failed === 0 ? 0 : 1;
}
