import { ScenarioFault } from '../scenario.errors.js';

/** Reads a value of unknown shape. @throws ScenarioFault naming the path */
export type Reader<T> = (value: unknown, path: string) => T;

/** The members of a JSON object, each to be read by name; what nobody reads is refused by `end`. */
export class Fields {
  readonly #json: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();

  /** @throws ScenarioFault when the value is no object */
  constructor(
    value: unknown,
    readonly path: string,
  ) {
    if (!isObject(value)) throw new ScenarioFault(path, `expected an object, found ${describe(value)}`);
    this.#json = value;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#json, name);
  }

  /** The value of a field, whatever it is, without taking note that the field is known. */
  peek(name: string): unknown {
    return this.has(name) ? this.#json[name] : undefined;
  }

  required<T>(name: string, read: Reader<T>): T {
    this.#known.add(name);
    if (!this.has(name)) throw this.fault(name, 'missing');
    return read(this.#json[name], this.pathOf(name));
  }

  optional<T>(name: string, read: Reader<T>): T | undefined {
    this.#known.add(name);
    return this.has(name) ? read(this.#json[name], this.pathOf(name)) : undefined;
  }

  /** @throws ScenarioFault when there is a member that was not asked for */
  end(): void {
    for (const name of Object.keys(this.#json)) {
      if (!this.#known.has(name)) {
        throw this.fault(printable(name), `unknown field; known are ${[...this.#known].join(', ') || 'none'}`);
      }
    }
  }

  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  fault(name: string, reason: string): ScenarioFault {
    return new ScenarioFault(this.pathOf(name), reason);
  }
}

/** An object that is read as a whole: unknown members are refused. */
export function objectOf<T>(read: (fields: Fields) => T): Reader<T> {
  return (value, path) => {
    const fields = new Fields(value, path);
    const result = read(fields);
    fields.end();
    return result;
  };
}

/** An object used as a table: any names, checked by `checkName`, with values of one kind. */
export function tableOf<T>(read: Reader<T>, checkName?: Reader<string>): Reader<ReadonlyMap<string, T>> {
  return (value, path) => {
    if (!isObject(value)) throw new ScenarioFault(path, `expected an object, found ${describe(value)}`);
    return new Map(
      Object.entries(value).map(([name, each]) => {
        const at = `${path}.${printable(name)}`;
        return [checkName === undefined ? name : checkName(name, at), read(each, at)] as const;
      }),
    );
  };
}

export function listOf<T>(read: Reader<T>): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ScenarioFault(path, `expected a list, found ${describe(value)}`);
    return value.map((each, i) => read(each, `${path}[${i}]`));
  };
}

export const readText: Reader<string> = (value, path) => {
  if (typeof value !== 'string') throw new ScenarioFault(path, `expected a text, found ${describe(value)}`);
  return value;
};

/** Name of something in the scenario: any text but the empty one. */
export const readId: Reader<string> = (value, path) => {
  const id = readText(value, path);
  if (id === '') throw new ScenarioFault(path, 'must not be empty');
  return id;
};

export const readBoolean: Reader<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new ScenarioFault(path, `expected true or false, found ${describe(value)}`);
  return value;
};

/** Any number; JSON has no infinities, but `1e999` becomes one. */
export const readNumber: Reader<number> = (value, path) => {
  if (typeof value !== 'number') throw new ScenarioFault(path, `expected a number, found ${describe(value)}`);
  return value;
};

export const readFinite: Reader<number> = (value, path) => {
  const number = readNumber(value, path);
  if (!Number.isFinite(number)) throw new ScenarioFault(path, 'expected a finite number');
  return number;
};

export const readInteger: Reader<number> = (value, path) => {
  const number = readNumber(value, path);
  if (!Number.isSafeInteger(number)) throw new ScenarioFault(path, `expected a whole number, found ${number}`);
  return number;
};

export function orNull<T>(read: Reader<T>): Reader<T | null> {
  return (value, path) => (value === null ? null : read(value, path));
}

export function oneOf<T extends string>(names: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = names.find((name) => name === value);
    if (found === undefined) {
      throw new ScenarioFault(path, `expected one of ${names.join(', ')}, found ${describe(value)}`);
    }
    return found;
  };
}

/** What was found, short enough for one line. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  return JSON.stringify(value) ?? 'nothing';
}

/** A name from the file as part of a path. */
export function printable(name: string): string {
  return /^[\w./*@-]{1,80}$/.test(name) ? name : JSON.stringify(shortened(name));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
