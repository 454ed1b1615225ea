import { Resources } from '@tranche/resources';
import { type DetectionContext, type Detector, type Share } from './detector.js';
import { detectors as allDetectors } from './detectors.js';

/**
 * What the agent has: what it was told, and for every other name what it finds.
 *
 * @param text `cpus:4;mem(web):1024`; a name that occurs in it, with any role, is not detected
 * @throws ResourceError for a text that is none
 */
export async function agentResources(
  text: string,
  context: DetectionContext,
  detectors: readonly Detector[] = allDetectors,
): Promise<Resources> {
  const told = Resources.parse(text);
  const names = new Set(Array.from(told, ({ name }) => name));
  const found = await Promise.all(
    detectors.filter(({ name }) => !names.has(name)).map((detector) => detector.detect(context)),
  );
  return Resources.of(found).plus(told);
}

/** Reads `2/3`: the second of three agents that divide the machine. @returns undefined for anything else */
export function parseShare(text: string): Share | undefined {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  if (match === null) return undefined;
  const share = { index: Number(match[1]) - 1, of: Number(match[2]) };
  return share.index >= 0 && share.index < share.of ? share : undefined;
}
