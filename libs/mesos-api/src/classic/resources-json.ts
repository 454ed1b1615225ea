import { jsonDouble } from '../codec/json-double.js';
import { encodeJson, jsonString } from '../codec/json-encode.js';
import { messageTypes } from '../codec/message-type.js';
import type { Attribute, Resource, ValueRange } from '../generated/mesos.js';
import { reservationRole, toEndpointFormat, toPostRefinement } from '../resource-format.js';
import { doubleToNumber, int64ToBigInt } from '../scalars.js';
import type { Member } from './json-text.js';
import { arrayOf, objectOf } from './json-text.js';

/** Always there, in the order in which Mesos prints them. */
const ALWAYS = ['disk', 'mem', 'gpus', 'cpus'] as const;

interface Totals {
  /** Thousandths. */
  readonly scalars: Map<string, number>;
  readonly ranges: Map<string, ValueRange[]>;
  readonly sets: Map<string, Set<string>>;
}

/**
 * Summary of resources: `{"disk":0.0,"mem":64.0,"gpus":0.0,"cpus":0.1,"ports":"[31000-32000]"}`. Scalars are numbers,
 * ranges and sets texts; revocable amounts have names of their own, `cpus_revocable`.
 */
export function resourcesJson(resources: readonly Resource[]): string {
  const totals: Totals = { scalars: new Map(ALWAYS.map((name) => [name, 0])), ranges: new Map(), sets: new Map() };
  for (const resource of resources) add(totals, resource);
  return objectOf([
    ...[...totals.scalars].map(([name, milli]): Member => [name, jsonDouble(milli / 1000)]),
    ...[...totals.ranges].map(([name, ranges]): Member => [name, jsonString(rangesText(ranges))]),
    ...[...totals.sets].map(([name, items]): Member => [name, jsonString(setText(items))]),
  ]);
}

function add(totals: Totals, resource: Resource): void {
  const name = resource.revocable === undefined ? resource.name : `${resource.name}_revocable`;
  if (resource.scalar !== undefined) {
    const milli = Math.round(doubleToNumber(resource.scalar.value) * 1000);
    totals.scalars.set(name, (totals.scalars.get(name) ?? 0) + milli);
  } else if (resource.ranges !== undefined) {
    totals.ranges.set(name, [...(totals.ranges.get(name) ?? []), ...(resource.ranges.range ?? [])]);
  } else if (resource.set !== undefined) {
    totals.sets.set(name, new Set([...(totals.sets.get(name) ?? []), ...(resource.set.item ?? [])]));
  }
}

/** `[31000-32000, 33000-33010]`: in ascending order, adjacent and overlapping ranges joined. */
export function rangesText(ranges: readonly ValueRange[]): string {
  const bounds = ranges
    .map(({ begin, end }) => ({ begin: int64ToBigInt(begin), end: int64ToBigInt(end) }))
    .toSorted((a, b) => (a.begin < b.begin ? -1 : a.begin > b.begin ? 1 : 0));
  const joined: { begin: bigint; end: bigint }[] = [];
  for (const range of bounds) {
    const last = joined.at(-1);
    if (last === undefined || range.begin > last.end + 1n) joined.push({ ...range });
    else if (range.end > last.end) last.end = range.end;
  }
  return `[${joined.map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`;
}

function setText(items: Iterable<string>): string {
  return `{${[...items].join(', ')}}`;
}

/** Summaries of the reserved resources by role: `{"web":{"disk":100.0,…}}`. */
export function reservedResourcesJson(resources: readonly Resource[]): string {
  return objectOf(byRole(resources).map(([role, list]) => [role, resourcesJson(list)]));
}

/** Summary of the resources that are not reserved. */
export function unreservedResourcesJson(resources: readonly Resource[]): string {
  return resourcesJson(unreserved(resources));
}

/** The reserved resources by role, in full: `{"web":[{"name":"disk",…}]}`. */
export function reservedResourcesFullJson(resources: readonly Resource[]): string {
  return objectOf(byRole(resources).map(([role, list]) => [role, fullResourcesJson(list)]));
}

/** The resources that are not reserved, in full. */
export function unreservedResourcesFullJson(resources: readonly Resource[]): string {
  return fullResourcesJson(unreserved(resources));
}

/** Resources in full, in the endpoint representation. */
export function fullResourcesJson(resources: readonly Resource[]): string {
  return arrayOf(
    resources.map((resource) => encodeJson(messageTypes.Resource, toEndpointFormat(toPostRefinement(resource)))),
  );
}

function unreserved(resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => reservationRole(resource) === undefined);
}

function byRole(resources: readonly Resource[]): [string, Resource[]][] {
  const groups = Map.groupBy(resources, reservationRole);
  return [...groups].flatMap(([role, list]) => (role === undefined ? [] : [[role, list]]));
}

/** Attributes: `{"rack":"r1","gen":2.0}`; a repeated name gives a repeated key. */
export function attributesJson(attributes: readonly Attribute[]): string {
  return objectOf(attributes.map((attribute): Member => [attribute.name, attributeValue(attribute)]));
}

function attributeValue({ scalar, ranges, set, text }: Attribute): string {
  if (scalar !== undefined) return jsonDouble(scalar.value);
  if (ranges !== undefined) return jsonString(rangesText(ranges.range ?? []));
  return jsonString(set === undefined ? (text?.value ?? '') : setText(set.item ?? []));
}
