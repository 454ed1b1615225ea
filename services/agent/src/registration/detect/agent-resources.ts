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

/**
 * What is left of what was detected when a part is kept back for the machine itself.
 *
 * @param reserve `cpus:1;mem:2048`: of each name at most what there is; a name that was told is offered as told
 * @throws Error when more is kept back than there is, or anything but an unreserved scalar
 */
export function lessReserve(found: Resources, reserve: string, told: string): Resources {
  const names = new Set(Array.from(Resources.parse(told), ({ name }) => name));
  const kept = Resources.of(Array.from(Resources.parse(reserve)).filter(({ name }) => !names.has(name)));
  for (const { name } of kept) {
    const [has, asked] = [found.scalarMilli(name), kept.scalarMilli(name)];
    if (asked >= has)
      throw new Error(`keeps back ${name} ${asked / 1000} of the ${has / 1000} that there are: nothing would be left`);
  }
  return kept.isEmpty ? found : found.minus(kept);
}

/** Reads `2/3`: the second of three agents that divide the machine. @returns undefined for anything else */
export function parseShare(text: string): Share | undefined {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  if (match === null) return undefined;
  const share = { index: Number(match[1]) - 1, of: Number(match[2]) };
  return share.index >= 0 && share.index < share.of ? share : undefined;
}
