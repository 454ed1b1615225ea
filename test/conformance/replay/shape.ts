/** The shape of a JSON document: what is where, of which type, and what of a list's items all of them have. */
export interface Shape {
  readonly type: string;
  readonly keys?: Readonly<Record<string, Member>>;
  readonly items?: Shape;
}

interface Member {
  readonly shape: Shape;
  /** Every item of the list has it. */
  readonly always: boolean;
}

/** Members whose names are data: what is in all of them is one shape. */
const MAPS = new Set([
  ...['flags', 'attributes', 'reserved_resources', 'reserved_resources_full', 'reserved_resources_allocated'],
]);

export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) {
    return { type: 'array', ...(value.length === 0 ? {} : { items: value.map(shapeOf).reduce(merged) }) };
  }
  if (value === null || typeof value !== 'object') return { type: value === null ? 'null' : typeof value };
  const keys = Object.entries(value).map(([key, member]): [string, Member] => [
    key,
    { shape: MAPS.has(key) ? mapShape(member) : shapeOf(member), always: true },
  ]);
  return { type: 'object', keys: Object.fromEntries(keys) };
}

function mapShape(value: unknown): Shape {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return shapeOf(value);
  const members = Object.values(value).map(shapeOf);
  return { type: 'map', ...(members.length === 0 ? {} : { items: members.reduce(merged) }) };
}

/** What two items of a list have, and what both have. */
function merged(a: Shape, b: Shape): Shape {
  if (a.type !== b.type) return { type: 'mixed' };
  const items = a.items !== undefined && b.items !== undefined ? merged(a.items, b.items) : (a.items ?? b.items);
  if (items !== undefined) return { type: a.type, items };
  const { keys: ofA, type } = a;
  const { keys: ofB } = b;
  if (ofA === undefined || ofB === undefined) return a;
  const names = [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])];
  const keys = names.flatMap((name): [string, Member][] => {
    const [one, other] = [ofA[name], ofB[name]];
    if (one !== undefined && other !== undefined) {
      return [[name, { shape: merged(one.shape, other.shape), always: one.always && other.always }]];
    }
    const only = one ?? other;
    return only === undefined ? [] : [[name, { shape: only.shape, always: false }]];
  });
  return { type, keys: Object.fromEntries(keys) };
}

/**
 * In what a document differs from a recorded one: members that all recorded ones have and it lacks, that no recorded one has, or of
 * another type. Of lists that are empty on one side nothing is known.
 */
export function shapeDifferences(recorded: Shape, own: Shape, path = ''): string[] {
  if (recorded.type === 'mixed' || own.type === 'mixed') return [];
  if (recorded.type !== own.type) return [`${path || '.'} is ${own.type} instead of ${recorded.type}`];
  if (recorded.items !== undefined && own.items !== undefined) {
    return shapeDifferences(recorded.items, own.items, `${path}[]`);
  }
  const { keys: theirs } = recorded;
  const { keys: ours } = own;
  if (theirs === undefined || ours === undefined) return [];
  const differences = Object.entries(theirs).flatMap(([name, { shape, always }]) => {
    const mine = ours[name];
    if (mine !== undefined) return shapeDifferences(shape, mine.shape, `${path}.${name}`);
    return always ? [`${path}.${name} is missing`] : [];
  });
  const more = Object.keys(ours).filter((name) => theirs[name] === undefined);
  return [...differences, ...more.map((name) => `${path}.${name} is more`)];
}
