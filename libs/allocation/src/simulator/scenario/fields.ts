import { ScenarioError } from './scenario.errors.js';

/** Turns a JSON value into what it means. @throws ScenarioError naming the place */
export type Read<T> = (value: unknown, place: string) => T;

/** The fields of one JSON object, each read once; what is left unread is an error. */
export class Fields {
  readonly #values: Map<string, unknown>;
  readonly #unread: Set<string>;

  /** @param place where the object stands, as error messages name it: `step 3: accept` */
  constructor(
    value: unknown,
    readonly place: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ScenarioError(place, 'must be an object');
    }
    this.#values = new Map(Object.entries(value));
    this.#unread = new Set(this.#values.keys());
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  names(): string[] {
    return [...this.#values.keys()];
  }

  /** The raw value of a field, without counting it as read. */
  peek(name: string): unknown {
    return this.#values.get(name);
  }

  required<T>(name: string, read: Read<T>): T {
    if (!this.has(name)) throw new ScenarioError(this.#placeOf(name), 'is missing');
    return this.#take(name, read);
  }

  optional<T>(name: string, read: Read<T>): T | undefined {
    return this.has(name) ? this.#take(name, read) : undefined;
  }

  /** @throws ScenarioError when there is a field that nobody has read */
  done(): void {
    for (const name of this.#unread) throw new ScenarioError(this.#placeOf(name), 'unknown field');
  }

  #take<T>(name: string, read: Read<T>): T {
    this.#unread.delete(name);
    return read(this.#values.get(name), this.#placeOf(name));
  }

  #placeOf(name: string): string {
    return this.place === '' ? name : `${this.place}.${name}`;
  }
}

/** Reads an object of fixed fields. */
export function objectOf<T>(read: (fields: Fields) => T): Read<T> {
  return (value, place) => {
    const fields = new Fields(value, place);
    const result = read(fields);
    fields.done();
    return result;
  };
}

export function listOf<T>(read: Read<T>): Read<T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw new ScenarioError(place, 'must be a list');
    return value.map((item: unknown, i) => read(item, `${place}[${i}]`));
  };
}

/** Reads an object whose keys are data. */
export function mapOf<T>(read: Read<T>, checkKey?: Read<string>): Read<Map<string, T>> {
  return (value, place) => {
    const fields = new Fields(value, place);
    return new Map(
      fields.names().map((name) => {
        checkKey?.(name, `${place}.${name}`);
        return [name, fields.required(name, read)] as const;
      }),
    );
  };
}

export function nullable<T>(read: Read<T>): Read<T | null> {
  return (value, place) => (value === null ? null : read(value, place));
}
