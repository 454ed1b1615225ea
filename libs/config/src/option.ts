import { z } from 'zod';
import type { ConfigMistake } from './config.errors.js';

/** One option of a service: where it comes from, what it means, how its text is read. */
export interface Option<T> {
  /** Name of the environment variable and of the key in the configuration file, unit included: `OFFERS_OFFER_TIMEOUT_MS`. */
  readonly name: string;
  /** One sentence for people, without a final period. */
  readonly description: string;
  /** Type and range as people read it: `integer ≥ 0`, `text`, `url`. */
  readonly type: string;
  /** Unit of the number, if it has one. */
  readonly unit?: string;
  /** Masked wherever settings are shown; may be read from a file named by `<NAME>_FILE`. */
  readonly secret: boolean;
  readonly default: T;
  /** Reads a text or a value of a YAML file. */
  readonly schema: z.ZodType<T>;
  /** For a document, which may have several mistakes: each with its place in it, instead of the one finding of the schema. */
  mistakesIn?(value: T): readonly string[];
  /**
   * What shows only beside other options, or in files that they name: each mistake with the option that has it.
   *
   * @param values of all options, by property name; those that are mistaken themselves have their default
   * @param readFile throws when it cannot be read
   */
  mistakesBeside?(
    values: Readonly<Record<string, unknown>>,
    readFile: (path: string) => string,
  ): readonly ConfigMistake[];
}

export type ConfigDefinition = Readonly<Record<string, Option<unknown>>>;

/** The plain values of a definition, by property name. */
export type ConfigOf<D extends ConfigDefinition> = {
  readonly [K in keyof D]: D[K] extends Option<infer T> ? T : never;
};

interface Common<T> {
  readonly name: string;
  readonly description: string;
  readonly default: T;
  readonly secret?: boolean;
}

const base = <T>(option: Common<T>, type: string, schema: z.ZodType<T>, unit?: string): Option<T> => ({
  name: option.name,
  description: option.description,
  default: option.default,
  secret: option.secret ?? false,
  type,
  schema,
  ...(unit === undefined ? {} : { unit }),
});

/** Any text, the empty one included. */
export const textOption = (option: Common<string>): Option<string> =>
  base(option, 'text', z.union([z.string(), z.number().transform(String)]));

/** A text that may be left out. */
export const optionalTextOption = (option: Omit<Common<undefined>, 'default'>): Option<string | undefined> =>
  base<string | undefined>({ ...option, default: undefined }, 'text', z.string().optional());

/** A whole number within bounds. */
export function integerOption(option: Common<number> & { unit?: string; min?: number; max?: number }): Option<number> {
  const min = option.min ?? 0;
  const max = option.max ?? Number.MAX_SAFE_INTEGER;
  const range = option.max === undefined ? `integer ≥ ${min}` : `integer ${min} to ${max}`;
  const schema = z
    .union([
      z.number(),
      z
        .string()
        .regex(/^-?\d+$/, `must be an ${range}`)
        .transform(Number),
    ])
    .refine((n) => Number.isInteger(n) && n >= min && n <= max, `must be an ${range}`);
  return base(option, range, schema, option.unit);
}

/** `true` or `false`. */
export const booleanOption = (option: Common<boolean>): Option<boolean> =>
  base(
    option,
    'true or false',
    z.union([z.boolean(), z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true')]),
  );

/** One of a few words. */
export const choiceOption = <const W extends readonly [string, ...string[]]>(
  option: Common<W[number]> & { choices: W },
): Option<W[number]> => {
  const words = option.choices.join(', ');
  return base<W[number]>(option, words, z.enum([...option.choices], `must be one of ${words}`));
};
