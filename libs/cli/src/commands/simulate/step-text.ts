import type { Offer, RunSummary, StepResult } from '@tranche/allocation';
import type { Paint } from '../../output/cells.js';

/** Below the name of a step, which comes after the time. */
const INDENT = ' '.repeat(14);

/** Offers of one kind that are shown of a step at most. */
const MAX_LINES = 20;

/** Name and description, before the first step. */
export function headingText(name: string | undefined, description: string | undefined): string {
  const lines = [name, description].filter((line) => line !== undefined && line !== '');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** One step and what it made happen: when, what, and a line for each offer made or taken back. */
export function stepText(result: StepResult, paint: Paint): string {
  const note = result.note === undefined ? '' : paint('dim', `  # ${result.note}`);
  if (result.kind === 'expect') {
    if (result.differences.length === 0) return `${INDENT}${paint('green', '✓')} as expected${note}\n`;
    const head = `${INDENT}${paint('red', '✗')} step ${result.step} is not as expected${note}`;
    return lines([head, ...result.differences.map((text) => `${INDENT}    ${text}`)]);
  }
  const time = `${Number(result.timeSeconds.toFixed(3))} s`.padStart(10);
  return lines([
    `${time}  ${[result.verb, result.subject].join(' ').trimEnd()}${note}`,
    ...(result.refused === undefined ? [] : [`${INDENT}${paint('yellow', '!')} refused: ${result.refused}`]),
    ...some(result.rescinds, (offer) => `${INDENT}${paint('yellow', '←')} taken back  ${offerText(offer)}`),
    ...some(result.offers, (offer) => `${INDENT}${paint('green', '→')} offered     ${offerText(offer)}`),
    ...some(
      result.inverseOffers,
      ({ frameworkId, agentId }) => `${INDENT}${paint('yellow', '?')} asked back  ${agentId} from ${frameworkId}`,
    ),
  ]);
}

/** The last line. */
export function summaryText({ steps, expectations, failed }: RunSummary, paint: Paint): string {
  const parts = [countOf(steps, 'step')];
  if (expectations > 0) {
    parts.push(countOf(expectations, 'expectation'));
    parts.push(failed === 0 ? paint('green', 'all hold') : paint('red', `${failed} failed`));
  }
  return `${parts.join(' · ')}\n`;
}

/** A line for each, as long as they are few enough to be read. */
function some<T>(list: readonly T[], line: (each: T) => string): string[] {
  const left = list.length - MAX_LINES;
  const shown = list.slice(0, MAX_LINES).map(line);
  return left > 0 ? [...shown, `${INDENT}  … and ${left} more; --json has them all`] : shown;
}

function offerText({ id, frameworkId, role, agentId, resources }: Offer): string {
  return `${id}  ${frameworkId} (${role}) on ${agentId}: ${resources.toText()}`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function lines(list: readonly string[]): string {
  return `${list.join('\n')}\n`;
}
