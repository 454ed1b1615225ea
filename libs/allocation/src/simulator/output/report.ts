import type { Scenario } from '../scenario/scenario.js';
import type { StepReport } from '../simulate.js';
import type { Offer } from '../world/offer.js';

const INDENT = ' '.repeat(12);

/** Name and description, before the first step. */
export function heading({ name, description }: Scenario): string {
  const lines = [name, description].filter((line) => line !== undefined);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** One step for people: when, what, and what came of it. */
export function stepText(report: StepReport): string {
  const note = report.note === undefined ? '' : `  · ${report.note}`;
  if (report.kind === 'expect') return `${INDENT}${expectText(report.diff)}${note}\n`;
  const { verb, subject, timeNs, outcome } = report;
  const time = `${seconds(timeNs)} s`.padStart(10);
  const lines = [`${time}  ${[verb, subject].join(' ').trimEnd()}${note}`];
  if (outcome.refused !== undefined) lines.push(`${INDENT}✘ refused: ${outcome.refused}`);
  for (const offer of outcome.rescinds) lines.push(`${INDENT}← ${offer.id} taken back from ${whose(offer)}`);
  for (const offer of outcome.offers) lines.push(`${INDENT}→ ${offer.id} offered to ${whose(offer)}`);
  for (const { framework, agent } of outcome.inverseOffers) {
    lines.push(`${INDENT}← ${framework} is asked to give up ${agent}`);
  }
  return `${lines.join('\n')}\n`;
}

function expectText(diff: readonly string[]): string {
  if (diff.length === 0) return '✔ as expected';
  return [`✘ not as expected`, ...diff.map((line) => `${INDENT}  ${line}`)].join('\n');
}

function whose({ framework, role, agent, resources }: Offer): string {
  return `${framework} (${role}) on ${agent}: ${resources.toText()}`;
}

function seconds(ns: number): string {
  return String(Math.round(ns / 1e6) / 1000);
}
