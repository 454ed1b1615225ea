/** A part of a JSON Schema, as far as values.schema.json uses it. */
interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

/** Keys that values may have: true where anything may be below, `*` where there may be others, `[]` of the items of a list. */
export type Known = true | { readonly [key: string]: Known };

/** What values may have by a schema: an object whose members it lists has no others, unless it says `additionalProperties`. */
export function knownValues(schema: Schema & { readonly $defs?: Readonly<Record<string, Schema>> }): Known {
  const knownAt = ({ $ref, properties, additionalProperties, items }: Schema): Known => {
    if ($ref !== undefined) return knownAt(schema.$defs?.[$ref.replace('#/$defs/', '')] ?? {});
    if (items !== undefined) {
      const item = knownAt(items);
      return item === true ? true : { '[]': item };
    }
    if (properties === undefined) return true;
    const members = Object.entries(properties).map(([name, member]) => [name, knownAt(member)] as const);
    return { ...Object.fromEntries(members), ...(additionalProperties === undefined ? {} : { '*': true }) };
  };
  return knownAt(schema);
}
