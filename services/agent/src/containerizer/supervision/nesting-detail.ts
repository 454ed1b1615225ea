import type { ContainerNesting } from '../container.js';

type Detail = Readonly<Record<string, string>>;

/** What the checkpoint of a container says of the one around it; nothing for a container that stands by itself. */
export function encodeNesting(nesting: ContainerNesting | undefined): Detail {
  if (nesting === undefined) return {};
  return { parent: nesting.parentId, sharesLimits: String(nesting.sharesLimits) };
}

export function decodeNesting(detail: Detail): ContainerNesting | undefined {
  const parentId = detail['parent'];
  return parentId === undefined ? undefined : { parentId, sharesLimits: detail['sharesLimits'] === 'true' };
}
