/** Where a test's server can come from, in the order in which they are tried. */
export const SOURCE_NAMES = ['docker', 'system'] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];
export const isSourceName = (word: string): word is SourceName => (SOURCE_NAMES as readonly string[]).includes(word);

export interface SourceFacts {
  /** `RabbitMQ`, `MariaDB`: for the sentences. */
  readonly server: string;
  /** Variable with the url of a server that is there, and its value. */
  readonly given: { readonly variable: string; readonly url: string | undefined };
  /** What `TRANCHE_TEST_SERVERS` says. */
  readonly asked: SourceName | 'none' | undefined;
  /** Undefined when a Docker engine answers; else why none does. */
  readonly dockerMissing: string | undefined;
  /** Programs that are not installed. */
  readonly programsMissing: readonly string[];
}

export type Source =
  | { readonly kind: 'given'; readonly url: string }
  | { readonly kind: 'docker' }
  | { readonly kind: 'system' };

export interface SourcePlan {
  /** To be tried in this order. */
  readonly sources: readonly Source[];
  /** True when the first was asked for by name: its failure is the run's. */
  readonly isAsked: boolean;
  /** Why the others are out, a sentence each. */
  readonly out: readonly string[];
}

/**
 * Which sources of one server come into question.
 *
 * A url that is given, else a Docker engine, else programs of the system. What is asked for by name is the only one.
 */
export function planSources(facts: SourceFacts): SourcePlan {
  const { given, asked } = facts;
  if (given.url !== undefined) return { sources: [{ kind: 'given', url: given.url }], isAsked: true, out: [] };
  const obstacles: Record<SourceName, string | undefined> = {
    docker: facts.dockerMissing,
    system: facts.programsMissing.length === 0 ? undefined : `not installed: ${facts.programsMissing.join(', ')}`,
  };
  if (asked === 'none') return { sources: [], isAsked: true, out: ['TRANCHE_TEST_SERVERS is none'] };
  if (asked !== undefined) {
    const obstacle = obstacles[asked];
    return obstacle === undefined
      ? { sources: [{ kind: asked }], isAsked: true, out: [] }
      : { sources: [], isAsked: true, out: [`TRANCHE_TEST_SERVERS asks for ${asked}: ${obstacle}`] };
  }
  return {
    sources: SOURCE_NAMES.filter((name) => obstacles[name] === undefined).map((kind) => ({ kind })),
    isAsked: false,
    out: SOURCE_NAMES.flatMap((name) => (obstacles[name] === undefined ? [] : [`${name}: ${obstacles[name]}`])),
  };
}

/** No source gives the server. */
export class NoServerError extends Error {
  readonly code = 'test-servers/none';
}

/**
 * Starts the server from the first source that can.
 *
 * @param say told what was chosen, and what failed, a line each
 * @throws NoServerError naming every obstacle; at the first failure when the source was asked for by name
 */
export async function startFromFirst<T>(
  server: string,
  plan: SourcePlan,
  start: (source: Source) => Promise<{ server: T; told: string }>,
  say: (line: string) => void,
): Promise<T> {
  const obstacles = [...plan.out];
  for (const source of plan.sources) {
    try {
      const started = await start(source);
      say(`${server}: ${started.told}`);
      return started.server;
    } catch (error) {
      const obstacle = `${source.kind}: ${error instanceof Error ? error.message : String(error)}`;
      obstacles.push(obstacle);
      if (plan.isAsked) break;
      say(`${server}: ${obstacle}; trying what is next`);
    }
  }
  throw new NoServerError(`no ${server} for the tests: ${obstacles.join('; ')}`);
}
