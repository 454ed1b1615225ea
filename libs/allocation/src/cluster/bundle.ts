import { type Resource, Resources, type ResourceValue, valueQuantity } from '@tranche/resources';
import type { Kind, KindTable } from './kind-table.js';

/**
 * A collection of resources as the engine keeps it: parallel lists, immutable, shared freely between an agent's total, what is
 * held of it, and the filters on it.
 */
export class Bundle {
  static readonly EMPTY = new Bundle([], [], undefined, undefined);

  constructor(
    readonly kinds: readonly Kind[],
    /** Thousandths; of ranges and sets the number of integers and items, times a thousand (allocation rule A7). */
    readonly milli: readonly number[],
    /** Values of ranges and sets, undefined for scalars; absent when there are only scalars. */
    readonly values: readonly (ResourceValue | undefined)[] | undefined,
    /** Copies of shared volumes, 1 for everything else; absent when all are 1 (A5). */
    readonly copies: readonly number[] | undefined,
  ) {}

  /** The same as a `Resources` value, made when first asked for. */
  resources?: Resources;

  get isEmpty(): boolean {
    return this.kinds.length === 0;
  }

  copiesAt(index: number): number {
    return this.copies?.[index] ?? 1;
  }
}

/** Interns a collection. Allocation roles are left out. */
export function bundleOf(resources: Resources, kinds: KindTable): Bundle {
  if (resources.isEmpty) return Bundle.EMPTY;
  const builder = new BundleBuilder();
  let isBare = true;
  for (const resource of resources) {
    if (resource.allocationRole !== undefined) isBare = false;
    builder.add(kinds.intern(resource), valueQuantity(resource.value), resource.value, resource.copies ?? 1);
  }
  const bundle = builder.build();
  if (isBare) bundle.resources = resources;
  return bundle;
}

export function resourcesOf(bundle: Bundle): Resources {
  return (bundle.resources ??= Resources.of(bundle.kinds.map((kind, i) => resourceAt(bundle, kind, i))));
}

/** Builds a bundle entry by entry. Entries are not merged: equal kinds must be added once, unless indivisible. */
export class BundleBuilder {
  readonly #kinds: Kind[] = [];
  readonly #milli: number[] = [];
  #values: (ResourceValue | undefined)[] | undefined;
  #copies: number[] | undefined;

  /** @param value needed for ranges and sets only */
  add(kind: Kind, milli: number, value: ResourceValue | undefined, copies: number): void {
    const index = this.#kinds.push(kind) - 1;
    this.#milli.push(milli);
    if (!kind.isScalar && this.#values === undefined) this.#values = Array.from({ length: index });
    this.#values?.push(kind.isScalar ? undefined : value);
    if (copies !== 1 && this.#copies === undefined) this.#copies = Array.from({ length: index }, () => 1);
    this.#copies?.push(copies);
  }

  build(): Bundle {
    if (this.#kinds.length === 0) return Bundle.EMPTY;
    return new Bundle(this.#kinds, this.#milli, this.#values, this.#copies);
  }
}

function resourceAt(bundle: Bundle, kind: Kind, index: number): Resource {
  const { template } = kind;
  const milli = bundle.milli[index] as number;
  const value = bundle.values?.[index] ?? ({ kind: 'scalar', milli } as const);
  return kind.isShared ? { ...template, value, copies: bundle.copiesAt(index) } : { ...template, value };
}
