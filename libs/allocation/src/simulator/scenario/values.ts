import {
  type AttributeJson,
  Limits,
  parseAttributes,
  Quantities,
  readResources,
  ResourceError,
  type Resources,
  roleError,
} from '@tranche/resources';
import type { Domain } from '../../engine.js';
import { type Fields, objectOf, type Read } from './fields.js';
import { ScenarioError } from './scenario.errors.js';

export const text: Read<string> = (value, place) => {
  if (typeof value !== 'string') throw new ScenarioError(place, 'must be a text');
  return value;
};

/** The id of an agent, a framework or a volume. */
export const id: Read<string> = (value, place) => {
  const read = text(value, place);
  if (read === '') throw new ScenarioError(place, 'must not be empty');
  return read;
};

export const boolean: Read<boolean> = (value, place) => {
  if (typeof value !== 'boolean') throw new ScenarioError(place, 'must be true or false');
  return value;
};

export const number: Read<number> = (value, place) => {
  if (typeof value !== 'number') throw new ScenarioError(place, 'must be a number');
  return value;
};

/** A finite number that is not negative. */
export const amount: Read<number> = (value, place) => {
  const read = number(value, place);
  if (!Number.isFinite(read) || read < 0) throw new ScenarioError(place, `must be a number of at least 0, not ${read}`);
  return read;
};

export const integer: Read<number> = (value, place) => {
  const read = number(value, place);
  if (!Number.isSafeInteger(read)) throw new ScenarioError(place, `must be an integer, not ${read}`);
  return read;
};

/** A whole number that is not negative. */
export const count: Read<number> = (value, place) => amount(integer(value, place), place);

/** Seconds of the virtual clock, as whole nanoseconds. */
export const secondsAsNs: Read<number> = (value, place) => Math.round(amount(value, place) * 1e9);

export const role: Read<string> = (value, place) => {
  const read = text(value, place);
  const error = roleError(read);
  if (error !== undefined) throw new ScenarioError(place, error);
  return read;
};

export const resources: Read<Resources> = (value, place) => parsed(place, () => readResources(value));

export const quantities: Read<Quantities> = (value, place) => parsed(place, () => Quantities.parse(text(value, place)));

export const limits: Read<Limits> = (value, place) => parsed(place, () => Limits.parse(text(value, place)));

export const attributes: Read<AttributeJson[]> = (value, place) =>
  parsed(place, () => parseAttributes(text(value, place)));

export const domain: Read<Domain> = objectOf((fields: Fields) => ({
  region: fields.required('region', id),
  zone: fields.required('zone', id),
}));

/** One of some words. */
export function oneOf<const W extends string>(...words: W[]): Read<W> {
  return (value, place) => {
    const read = text(value, place);
    const word = words.find((each) => each === read);
    if (word === undefined) throw new ScenarioError(place, `must be one of ${words.join(', ')}, not ${read}`);
    return word;
  };
}

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  sec: 1e9,
  secs: 1e9,
  min: 60e9,
  mins: 60e9,
  hr: 3600e9,
  hrs: 3600e9,
  day: 86_400e9,
  days: 86_400e9,
  week: 604_800e9,
  weeks: 604_800e9,
};

/** A duration such as `1s`, `0.5mins`, `2weeks`, as whole nanoseconds. */
export const durationAsNs: Read<number> = (value, place) => {
  const read = text(value, place);
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/.exec(read) ?? [];
  const factor = unit === undefined ? undefined : UNIT_NS[unit];
  if (factor === undefined) {
    throw new ScenarioError(place, `must be a number and one of ${Object.keys(UNIT_NS).join(' ')}, not ${read}`);
  }
  return Math.round(Number(digits) * factor);
};

/** Bad texts of resources are bad fields. */
function parsed<T>(place: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ResourceError) throw new ScenarioError(place, error.message, { cause: error });
    throw error;
  }
}
