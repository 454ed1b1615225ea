import type { Offer } from './offer-book.js';
import type { RunSummary, StepResult } from './run-scenario.js';

/** A step's result as a line of JSON, without the newline. */
export function resultJson(result: StepResult): string {
  if (result.kind === 'expect') {
    const { step, differences } = result;
    return JSON.stringify({ step, verb: 'expect', pass: differences.length === 0, diff: differences });
  }
  const { step, verb, timeSeconds, refused } = result;
  return JSON.stringify({
    step,
    verb,
    time: timeSeconds,
    offers: result.offers.map(offerJson),
    rescinds: result.rescinds.map(offerJson),
    inverseOffers: result.inverseOffers.map(({ frameworkId, agentId }) => ({ framework: frameworkId, agent: agentId })),
    ...(refused !== undefined && { refused }),
  });
}

/** The last line. */
export function summaryJson({ steps, expectations, failed }: RunSummary): string {
  return JSON.stringify({ summary: { steps, expectations, failed } });
}

function offerJson({ id, frameworkId, role, agentId, resources }: Offer): object {
  return { id, framework: frameworkId, role, agent: agentId, resources: resources.toText() };
}
