import { viewSchemas } from '@tranche/contracts';
import type { QueryParameters } from '../openapi/operation.js';

/** What can be asked of a list: read by the lists themselves, by the check of requests and by the documents of the APIs. */
export interface ListKind<F extends QueryParameters = QueryParameters> {
  /** Filters: a repeated one means any of its values. */
  readonly filters: F;
  /** View of `contracts` that its items have, by name. */
  readonly view: string;
  /** The order of the list where none is asked for, as `sort` would ask for it, if a member of its items tells it. */
  readonly order?: string;
  /** Members that it can be sorted by. Without: by every plain one, its items being in memory. */
  readonly sorts: readonly string[];
  /** Members of its items. */
  readonly fields: readonly string[];
}

/** A list whose items are all in memory: it is sorted by any member that is a text, a number, or true or false. */
export const listOf = <F extends QueryParameters>(view: string, filters: F, order?: string): ListKind<F> => ({
  filters,
  view,
  ...(order === undefined ? {} : { order }),
  sorts: plainMembers(schemaOf(view)),
  fields: Object.keys(schemaOf(view).properties ?? {}),
});

/** A list of which a part is in the database: it is sorted by what the database has an index of. */
export const storedListOf = <F extends QueryParameters>(
  view: string,
  filters: F,
  order: string,
  sorts: readonly string[],
): ListKind<F> => ({ ...listOf(view, filters, order), sorts });

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const schemaOf = (view: string): Schema => viewSchemas[view] ?? {};

const PLAIN = new Set(['string', 'number', 'integer', 'boolean']);

/** `state`, `used.cpus`: texts, numbers and flags of an item, and of what is right below it. */
function plainMembers({ properties = {} }: Schema, below = true): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (PLAIN.has(schema.type ?? '') || 'const' in schema) return [name];
    if (!below) return [];
    const inner = schema.$ref === undefined ? schema : schemaOf(schema.$ref.replace(/^.*\//, ''));
    return plainMembers(inner, false).map((member) => `${name}.${member}`);
  });
}
