import { jsonDouble } from '../codec/json-double.js';
import { jsonString } from '../codec/json-encode.js';

/**
 * Building blocks of the classic endpoints' JSON. They compose texts instead of objects, so that a part that did not
 * change is rendered once and joined many times.
 */

/** A member: key and JSON text of its value; a value that is undefined leaves the member out. */
export type Member = readonly [key: string, value: string | undefined];

/** `{"a":1,"b":2}`, in the given order. */
export function objectOf(members: readonly Member[]): string {
  return `{${membersOf(members)}}`;
}

/** As {@link objectOf} without the braces. */
export function membersOf(members: readonly Member[]): string {
  let text = '';
  for (const [key, value] of members) {
    if (value !== undefined) text += `${text === '' ? '' : ','}${jsonString(key)}:${value}`;
  }
  return text;
}

/** `[a,b]` from the JSON texts of its items. */
export function arrayOf(items: Iterable<string>): string {
  return `[${[...items].join(',')}]`;
}

/** A string, or undefined to leave the member out. */
export function optionalString(value: string | undefined): string | undefined {
  return value === undefined ? undefined : jsonString(value);
}

/** A number with a fraction or exponent, or undefined to leave the member out. */
export function optionalDouble(value: number | undefined): string | undefined {
  return value === undefined ? undefined : jsonDouble(value);
}

/** A list of strings. */
export function stringArray(items: readonly string[]): string {
  return arrayOf(items.map(jsonString));
}

const CALLBACK = /^[A-Za-z_$][\w$.]*$/;

/**
 * Body of a JSONP answer, of type `text/javascript`.
 *
 * @param callback value of the `jsonp` parameter
 * @returns undefined when the callback is no name of a function: then the answer is plain JSON
 */
export function jsonpBody(callback: string, json: string): string | undefined {
  return CALLBACK.test(callback) ? `${callback}(${json})` : undefined;
}
