import type { ContainerNesting } from '../container.js';

type Detail = Readonly<Record<string, string>>;

/** What the checkpoint of a container says of the one around it; nothing for a container that stands by itself. */
export function encodeNesting(nesting: ContainerNesting | undefined): Detail {
  if (nesting === undefined) return {};
  const { parentId, sharesLimits, name } = nesting;
  return { parent: parentId, sharesLimits: String(sharesLimits), ...(name === undefined ? {} : { nestedName: name }) };
}

export function decodeNesting(detail: Detail): ContainerNesting | undefined {
  const parentId = detail['parent'];
  if (parentId === undefined) return undefined;
  const name = detail['nestedName'];
  return { parentId, sharesLimits: detail['sharesLimits'] === 'true', ...(name === undefined ? {} : { name }) };
}
