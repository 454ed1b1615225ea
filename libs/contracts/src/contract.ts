import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ContractError } from './contract.errors.js';

/** The services that own messages. The agent's queue is one per agent, the others' one per service. */
export const SERVICES = ['registry', 'allocator', 'offers', 'quota', 'agent'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** `each`: a query that every service and agent answers about itself. */
export type MessageOwner = ServiceName | 'each';

/** Facts go to the topic exchange; commands and queries to the queue of the service that serves them. */
export type MessageKind = 'fact' | 'command' | 'query';

interface ContractBase<K extends MessageKind> {
  readonly kind: K;
  /** Dotted name without the version, `agent.registered`. */
  readonly name: string;
  readonly version: number;
  /** Name and version as they travel: routing key of a fact, pattern of a handler. */
  readonly pattern: string;
  /** Facts: the service that publishes it. Commands and queries: the service that serves it, or each of them. */
  readonly owner: MessageOwner;
  /** A clock sends it, or it is a piece of something else: that it was handled is a detail, for logs of details only. */
  readonly isRoutine?: boolean;
}

/** What a broker that ends may lose: it is not written to its disk. */
interface Transience {
  /** Nothing is missed without it: what it says is in a snapshot that is due then, or is sent again until it is answered. */
  readonly isTransient?: boolean;
}

export interface FactContract<Item = unknown> extends ContractBase<'fact'>, Transience {
  readonly parse: (input: unknown) => Item[];
  /**
   * What an item is about, in words that other facts of its owner use as well: those with a word in common are heard in the order in which they
   * were stated. Absent: it keeps its order to all of them.
   */
  subjectsOf?(item: Item): readonly string[];
}

export interface CommandContract<Item = unknown> extends ContractBase<'command'>, Transience {
  readonly parse: (input: unknown) => Item[];
  /** What an item is about: it goes to the partition of its owner that this key belongs to. Only of services that can be cut. */
  keyOf?(item: Item): string;
}

export interface QueryContract<Request = unknown, Response = unknown> extends ContractBase<'query'> {
  readonly parse: (input: unknown) => Request;
  readonly parseResponse: (input: unknown) => Response;
}

export type AnyContract = FactContract | CommandContract | QueryContract;

/** Type of one item of a fact or command. */
export type ItemOf<C> = C extends FactContract<infer I> ? I : C extends CommandContract<infer I> ? I : never;
export type RequestOf<C> = C extends QueryContract<infer Q, unknown> ? Q : never;
export type ResponseOf<C> =
  C extends QueryContract<never, infer R> ? R : C extends QueryContract<infer _Q, infer R> ? R : never;

interface Declaration {
  readonly name: string;
  readonly version: number;
  readonly owner: MessageOwner;
  readonly isRoutine?: boolean;
}

const patternOf = (d: Declaration): string => `${d.name}.v${d.version}`;

/** Parses with a compiled schema. @throws ContractError with the path of the first fault */
function parserOf<S extends TSchema>(pattern: string, schema: S): (input: unknown) => Static<S> {
  const validator = Compile(schema);
  return (input) => {
    if (validator.Check(input)) return input;
    const [first] = validator.Errors(input);
    throw new ContractError(pattern, first?.instancePath ?? '', first?.message ?? 'does not fit the schema');
  };
}

function batchParserOf<S extends TSchema>(pattern: string, schema: S): (input: unknown) => Static<S>[] {
  const parseItem = parserOf(pattern, schema);
  return (input) => {
    if (!Array.isArray(input)) throw new ContractError(pattern, '', 'must be an array of items');
    for (const item of input) parseItem(item);
    return input as Static<S>[];
  };
}

const transience = ({ isTransient }: Transience): Transience => (isTransient === undefined ? {} : { isTransient });

const routine = ({ isRoutine }: Declaration): Pick<Declaration, 'isRoutine'> =>
  isRoutine === undefined ? {} : { isRoutine };

/**
 * Declares a fact: something that has happened, numbered by its source, for whoever listens. The schema is of one item.
 *
 * `subjects` says what an item is about. With it, facts of other subjects may be heard before those that were stated earlier.
 */
export function fact<S extends TSchema>(
  declaration: Declaration & Transience & { item: S; subjects?: (item: Static<S>) => readonly string[] },
): FactContract<Static<S>> {
  const pattern = patternOf(declaration);
  const { name, version, owner, subjects } = declaration;
  const parse = batchParserOf(pattern, declaration.item);
  return {
    ...{ kind: 'fact', name, version, owner, pattern, parse },
    ...(subjects === undefined ? {} : { subjectsOf: subjects }),
    ...transience(declaration),
    ...routine(declaration),
  };
}

/**
 * Declares a command: something one service shall do. Idempotent. The schema is of one item.
 *
 * `key` says what an item is about, and so which partition of its owner it goes to. What `isTransient` is not written to the broker's disk.
 */
export function command<S extends TSchema>(
  declaration: Declaration & Transience & { item: S; key?: (item: Static<S>) => string },
): CommandContract<Static<S>> {
  const pattern = patternOf(declaration);
  const { name, version, owner, key } = declaration;
  const parse = batchParserOf(pattern, declaration.item);
  return {
    ...{ kind: 'command', name, version, owner, pattern, parse },
    ...(key === undefined ? {} : { keyOf: key }),
    ...transience(declaration),
    ...routine(declaration),
  };
}

/** Declares a query: one request, one response, changing nothing that a repetition would change again. */
export function query<Q extends TSchema, R extends TSchema>(
  declaration: Declaration & { request: Q; response: R },
): QueryContract<Static<Q>, Static<R>> {
  const pattern = patternOf(declaration);
  const { name, version, owner } = declaration;
  return {
    kind: 'query',
    name,
    version,
    owner,
    pattern,
    parse: parserOf(pattern, declaration.request),
    parseResponse: parserOf(pattern, declaration.response),
    ...routine(declaration),
  };
}
