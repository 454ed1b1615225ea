import type { StepReport } from '../simulate.js';
import type { Offer } from '../world/offer.js';

/** One step as a line of JSON, without newline. Field names and their order are part of the command's contract. */
export function jsonLine(report: StepReport): string {
  if (report.kind === 'expect') {
    const { index, diff } = report;
    return JSON.stringify({ step: index, verb: 'expect', pass: diff.length === 0, diff });
  }
  const { index, verb, timeNs, outcome } = report;
  return JSON.stringify({
    step: index,
    verb,
    time: timeNs / 1e9,
    offers: outcome.offers.map(offerJson),
    rescinds: outcome.rescinds.map(offerJson),
    inverseOffers: outcome.inverseOffers,
    ...(outcome.refused !== undefined && { refused: outcome.refused }),
  });
}

/** The last line: how many steps and expectations there were, and how many of these failed. */
export function summaryLine(steps: number, expectations: number, failed: number): string {
  return JSON.stringify({ summary: { steps, expectations, failed } });
}

function offerJson({ id, framework, role, agent, resources }: Offer): Record<string, string> {
  return { id, framework, role, agent, resources: resources.toText() };
}
