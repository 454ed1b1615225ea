import { parseSelector } from '@tranche/contracts';
import type { Fault } from '../problem.js';
import { flagFault } from '../query-flags.js';
import type { Cursor } from './cursor.js';
import type { ListKind } from './list-kind.js';
import { bareName, type ListOrder } from './list-order.js';

/** Query of a list: repeated parameters are alternatives. */
export type ListQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

export const MAX_LIMIT = 1_000;

/** What every list takes besides its filters. */
const OF_EVERY_LIST = ['limit', 'after', 'sort', 'fields', 'count'];

/** Every GET takes it; it is applied to what leaves. */
const JSONP = 'jsonp';

/** Everything that is wrong with the query of a list. */
export function listFaults(query: ListQuery, kind: ListKind): Fault[] {
  return [...filterFaults(query, kind), ...limitFaults(query), ...sortFaults(query, kind), ...fieldFaults(query, kind)];
}

/** @param cursor what `after` says; undefined when it cannot be read */
export function cursorFaults({ after }: ListQuery, cursor: Cursor | undefined, order: ListOrder): Fault[] {
  if (after === undefined) return [];
  if (cursor === undefined) return [{ path: 'after', message: 'is no cursor that a list has given', value: after }];
  if (cursor.sort === order.name) return [];
  const given = cursor.sort === '' ? 'of the list without sort' : `of the list with sort=${cursor.sort}`;
  const wanted = order.name === '' ? 'without sort' : `with sort=${order.name}`;
  const message = `is a cursor ${given}: there is no such place in the list ${wanted}; begin again without it`;
  return [{ path: 'after', message, value: after }];
}

export const valuesOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** `a,b`, or repeated. */
export const namesIn = (value: string | readonly string[]): readonly string[] =>
  valuesOf(value).flatMap((text) => text.split(','));

function filterFaults(query: ListQuery, { filters }: ListKind): Fault[] {
  const names = [...OF_EVERY_LIST, ...Object.keys(filters)];
  const unknown = Object.entries(query)
    .filter(([path]) => path !== JSONP && !names.includes(path))
    .map(([path, value]) => ({ path, message: `is no parameter; known are ${names.join(', ')}`, value }));
  const wrong = Object.entries(filters).flatMap(([path, { known, isFlag, isSelector, numbers }]) => {
    const given = query[path];
    if (isFlag) return [flagFault(path, given) ?? []].flat();
    if (numbers !== undefined) return numberFaults(path, given, numbers);
    if (isSelector) return selectorFaults(path, given);
    return valuesOf(given ?? [])
      .filter((value) => known !== undefined && !known.includes(value))
      .map((value) => ({ path, message: `must be one of ${known?.join(', ')}`, value }));
  });
  return [...unknown, ...wrong];
}

function selectorFaults(path: string, given: ListQuery[string]): Fault[] {
  return valuesOf(given ?? []).flatMap((value) => {
    const read = parseSelector(value);
    if (!('unread' in read)) return [];
    return [{ path, message: `has "${read.unread}", which is not KEY, KEY=VALUE or KEY!=VALUE`, value }];
  });
}

function numberFaults(path: string, given: ListQuery[string], [least, most]: readonly [number, number]): Fault[] {
  if (given === undefined) return [];
  const isNumber = typeof given === 'string' && /^\d+(\.\d+)?$/.test(given);
  if (isNumber && Number(given) >= least && Number(given) <= most) return [];
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return [{ path, message: `must be a number ${range}`, value: given }];
}

function limitFaults({ limit }: ListQuery): Fault[] {
  if (limit === undefined) return [];
  const isLimit = typeof limit === 'string' && /^[1-9]\d*$/.test(limit) && Number(limit) <= MAX_LIMIT;
  return isLimit ? [] : [{ path: 'limit', message: `must be an integer from 1 to ${MAX_LIMIT}`, value: limit }];
}

function sortFaults({ sort }: ListQuery, { sorts }: ListKind): Fault[] {
  if (sort === undefined || (typeof sort === 'string' && sorts.includes(bareName(sort)))) return [];
  return [{ path: 'sort', message: `must be one of ${sorts.join(', ')}, with a - before it backwards`, value: sort }];
}

function fieldFaults(query: ListQuery, { fields }: ListKind): Fault[] {
  const unknown = namesIn(query['fields'] ?? [])
    .filter((name) => !fields.includes(name))
    .map((value) => ({ path: 'fields', message: `is no field; known are ${fields.join(', ')}`, value }));
  return [...unknown, ...[flagFault('count', query['count']) ?? []].flat()];
}
