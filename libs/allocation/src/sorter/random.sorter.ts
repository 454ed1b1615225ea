import { type Activity, type Sorter, type SorterClient, type SorterKind, VIRTUAL_LEAF } from './sorter.js';

/**
 * Weighted random order: each walk is a fresh shuffle in which a client of twice the weight is twice as likely to come next.
 * What clients hold plays no part.
 *
 * @source Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006: order by u^(1/w), largest first
 *   (allocation rule A28)
 */
export const randomSorter: SorterKind = {
  name: 'random',
  open: ({ random }) => ({ create: <T>() => new RandomSorter<T>(random) }),
};

class RandomClient<T> implements SorterClient<T> {
  activity: Activity = 'inactive';
  constructor(
    readonly path: string,
    readonly payload: T,
  ) {}
}

/** One level of the tree: either a client's own leaf, or the clients below a path. */
interface Branch<T> {
  readonly children: Map<string, Branch<T>>;
  client?: RandomClient<T>;
}

class RandomSorter<T> implements Sorter<T> {
  readonly #root: Branch<T> = { children: new Map() };
  readonly #weights = new Map<string, number>();
  #size = 0;
  #walk: RandomClient<T>[] = [];
  #position = 0;

  constructor(private readonly random: () => number) {}

  get size(): number {
    return this.#size;
  }

  add(path: string, payload: T): SorterClient<T> {
    const client = new RandomClient(path, payload);
    let branch = this.#root;
    for (const step of stepsOf(path)) {
      const below = branch.children.get(step) ?? { children: new Map() };
      branch.children.set(step, below);
      branch = below;
    }
    branch.client = client;
    this.#size++;
    return client;
  }

  remove(client: SorterClient<T>): void {
    const trail = [this.#root];
    const steps = stepsOf(client.path);
    for (const step of steps) trail.push(trail.at(-1)?.children.get(step) as Branch<T>);
    delete trail.at(-1)?.client;
    for (let depth = steps.length; depth > 0; depth--) {
      const branch = trail[depth] as Branch<T>;
      if (branch.client === undefined && branch.children.size === 0) {
        trail[depth - 1]?.children.delete(steps[depth - 1] as string);
      }
    }
    this.#size--;
  }

  setActivity(client: SorterClient<T>, activity: Activity): void {
    (client as RandomClient<T>).activity = activity;
  }

  setWeight(path: string, weight: number): void {
    if (weight === 1) this.#weights.delete(path);
    else this.#weights.set(path, weight);
  }

  charge(): void {
    // Holdings and counts play no part in a random order.
  }

  credit(): void {
    // As for `charge`.
  }

  start(): T | undefined {
    this.#walk = this.#shuffle().filter((client) => client.activity === 'active');
    this.#position = 0;
    return this.#walk[0]?.payload;
  }

  next(): T | undefined {
    return this.#walk[++this.#position]?.payload;
  }

  listing(): string[] {
    return this.#shuffle().map(({ path }) => path);
  }

  /** A random order compares no shares. */
  share(): undefined {
    return undefined;
  }

  #shuffle(): RandomClient<T>[] {
    const keyed: { client: RandomClient<T>; key: number }[] = [];
    this.#weigh(this.#root, '', 1, (client, weight) => {
      // The logarithm of u^(1/w): the same order, without underflow for small weights.
      keyed.push({ client, key: Math.log(1 - this.random()) / weight });
    });
    return keyed.sort((a, b) => b.key - a.key).map(({ client }) => client);
  }

  /** Visits all listed clients in a branch with their relative weights, which add up to `weight`. */
  #weigh(
    branch: Branch<T>,
    path: string,
    weight: number,
    visit: (client: RandomClient<T>, weight: number) => void,
  ): void {
    const parts: { branch?: Branch<T>; client?: RandomClient<T>; path: string; weight: number }[] = [];
    if (branch.client !== undefined && branch.client.activity !== 'inactive') {
      parts.push({ client: branch.client, path: path + VIRTUAL_LEAF, weight: 1 });
    }
    for (const [step, child] of branch.children) {
      const childPath = path === '' ? step : `${path}/${step}`;
      if (isListed(child)) parts.push({ branch: child, path: childPath, weight: this.#weights.get(childPath) ?? 1 });
    }
    const sum = parts.reduce((total, part) => total + part.weight, 0);
    for (const part of parts) {
      const relative = (weight * part.weight) / sum;
      if (part.client !== undefined) visit(part.client, relative);
      else if (part.branch !== undefined) this.#weigh(part.branch, part.path, relative, visit);
    }
  }
}

function isListed<T>(branch: Branch<T>): boolean {
  if (branch.client !== undefined && branch.client.activity !== 'inactive') return true;
  for (const child of branch.children.values()) if (isListed(child)) return true;
  return false;
}

function stepsOf(path: string): string[] {
  return path.split('/');
}
