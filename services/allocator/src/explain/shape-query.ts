import type { Shape } from '@tranche/allocation';
import { type Problem, problem, readFlag, type RequestQuery as Query } from '@tranche/http';
import { MAX_MILLI, normalizeRanges, Quantities, type Range, roleError, toMilli } from '@tranche/resources';

export interface ShapeQuery {
  readonly shape: Shape;
  readonly role: string;
  readonly withAgents: boolean;
}

type Fault = { path: string; message: string; value?: unknown };

/** Names of scalars in the query, and the factor to the resource's own unit. */
const SCALARS = {
  cpus: ['cpus', 1],
  gpus: ['gpus', 1],
  memBytes: ['mem', 2 ** -20],
  diskBytes: ['disk', 2 ** -20],
} as const;
const OTHERS = new Set(['ports', 'role', 'where', 'agents']);

/** Reads `?cpus=4&memBytes=…&ports=2&role=R&where=rack=r1`, or says everything that is wrong with it. */
export function readShapeQuery(query: Query): ShapeQuery | Problem {
  const errors: Fault[] = [];
  const quantities: (readonly [string, number])[] = [];
  for (const [key, [name, factor]] of Object.entries(SCALARS)) {
    const text = query[key];
    if (text === undefined) continue;
    const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
    if (!(value >= 0) || value * factor > MAX_MILLI / 1000)
      errors.push({ path: key, message: 'must be a number of at least 0', value: text });
    else quantities.push([name, toMilli(value * factor)]);
  }
  const ports = readPorts(query['ports']);
  if (ports === undefined)
    errors.push({ path: 'ports', message: 'must be a number of ports, or ranges as 8080-8090', value: query['ports'] });
  else if (typeof ports === 'number') quantities.push(['ports', ports * 1000]);
  const attributes = readAttributes(query['where'], errors);
  const role = query['role'] ?? '*';
  const roleFault = typeof role === 'string' ? roleError(role) : 'is given twice';
  if (roleFault !== undefined) errors.push({ path: 'role', message: roleFault, value: role });
  for (const key of Object.keys(query)) {
    if (!(key in SCALARS) && !OTHERS.has(key)) errors.push({ path: key, message: 'is unknown' });
  }
  const isEmpty =
    quantities.every(([, milli]) => milli === 0) && !Array.isArray(ports) && Object.keys(attributes).length === 0;
  if (isEmpty && errors.length === 0)
    errors.push({ path: 'cpus', message: 'at least one amount or attribute is needed' });
  if (errors.length > 0) {
    return problem(
      400,
      'request.malformed',
      'Malformed request',
      errors.map(({ path, message }) => `${path} ${message}`).join('; '),
      { errors },
    );
  }
  const shape: Shape = {
    quantities: Quantities.of(quantities),
    ...(Array.isArray(ports) ? { ports } : {}),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
  return { shape, role: String(role), withAgents: readFlag(query, 'agents') };
}

/** @returns their number, the ranges, or undefined when it is neither */
function readPorts(text: Query[string]): number | Range[] | undefined {
  if (text === undefined) return 0;
  if (typeof text !== 'string') return undefined;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  const ranges = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((part) => /^(\d{1,5})-(\d{1,5})$/.exec(part.trim()));
  if (ranges.some((range) => range === null || Number(range[1]) > Number(range[2]))) return undefined;
  return [...normalizeRanges(ranges.map((range) => ({ begin: Number(range?.[1]), end: Number(range?.[2]) })))];
}

function readAttributes(where: Query[string], errors: Fault[]): Record<string, string> {
  const texts = where === undefined ? [] : typeof where === 'string' ? [where] : where;
  const pairs = texts.flatMap((text): [string, string][] => {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return [[name, value]];
    errors.push({ path: 'where', message: 'must be ATTRIBUTE=VALUE', value: text });
    return [];
  });
  return Object.fromEntries(pairs);
}
