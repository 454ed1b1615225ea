import { ConfigError, type ConfigMistake } from './config.errors.js';
import { nearest } from './nearest.js';
import type { ConfigDefinition, ConfigOf, Option } from './option.js';

export interface ConfigSources {
  /** Usually `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Parsed content of `--config FILE`, keys as in the environment. */
  readonly file?: Readonly<Record<string, unknown>>;
  /** Reads the file that `<NAME>_FILE` names. @throws when it cannot be read */
  readonly readFile?: (path: string) => string;
  /** Variables that begin so belong to this service: an unknown one is a mistake. */
  readonly prefix?: string;
}

export interface LoadedConfig<D extends ConfigDefinition> {
  readonly values: ConfigOf<D>;
  /** Where each value came from, by property name. */
  readonly origins: Readonly<Record<string, 'environment' | 'file' | 'default'>>;
}

/** Values of a definition with some of them given by the program itself: for services that share one process. */
export function configWith<D extends ConfigDefinition>(definition: D, values: Partial<ConfigOf<D>>): ConfigOf<D> {
  const defaults = Object.fromEntries(Object.entries(definition).map(([key, option]) => [key, option.default]));
  return { ...defaults, ...values } as ConfigOf<D>;
}

/**
 * Reads every option: environment, else file, else default.
 *
 * @throws ConfigError naming all mistakes together, with the nearest valid name for unknown ones
 */
export function loadConfig<D extends ConfigDefinition>(definition: D, sources: ConfigSources): LoadedConfig<D> {
  const mistakes: ConfigMistake[] = unknownNames(definition, sources);
  const values: Record<string, unknown> = {};
  const origins: Record<string, 'environment' | 'file' | 'default'> = {};
  for (const [key, option] of Object.entries(definition)) {
    values[key] = option.default;
    const found = find(option, sources, mistakes);
    origins[key] = found?.origin ?? 'default';
    if (found === undefined) continue;
    const parsed = option.schema.safeParse(found.value);
    if (parsed.success) {
      values[key] = parsed.data;
      for (const problem of option.mistakesIn?.(parsed.data) ?? []) mistakes.push({ name: option.name, problem });
    } else
      mistakes.push({ name: option.name, problem: problemOf(option, found.value, parsed.error.issues[0]?.message) });
  }
  const { readFile } = sources;
  if (readFile !== undefined)
    mistakes.push(...Object.values(definition).flatMap((option) => option.mistakesBeside?.(values, readFile) ?? []));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { values: values as ConfigOf<D>, origins };
}

function problemOf(option: Option<unknown>, value: unknown, finding: string | undefined): string {
  const shown = option.secret ? 'the value' : JSON.stringify(value);
  return `${shown} ${finding?.startsWith('must') ? finding : `must be ${option.type}`}`;
}

function find(
  option: Option<unknown>,
  sources: ConfigSources,
  mistakes: ConfigMistake[],
): { value: unknown; origin: 'environment' | 'file' } | undefined {
  const direct = sources.env[option.name];
  if (direct !== undefined) return { value: direct, origin: 'environment' };
  const path = sources.env[`${option.name}_FILE`];
  if (path !== undefined) return readFrom(path, 'environment');
  const inFile = sources.file?.[option.name];
  if (inFile !== undefined) return { value: inFile, origin: 'file' };
  const pathInFile = sources.file?.[`${option.name}_FILE`];
  return typeof pathInFile === 'string' ? readFrom(pathInFile, 'file') : undefined;

  function readFrom(path: string, origin: 'environment' | 'file') {
    try {
      return { value: sources.readFile?.(path).trimEnd(), origin };
    } catch (cause) {
      mistakes.push({ name: `${option.name}_FILE`, problem: `cannot read ${path}: ${(cause as Error).message}` });
      return undefined;
    }
  }
}

/** What Kubernetes sets in every pod for a Service that is called like one of ours: `OFFERS_PORT_5052_TCP_ADDR`, `OFFERS_SERVICE_HOST`. */
const OF_KUBERNETES = /_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)$/;

function unknownNames(definition: ConfigDefinition, sources: ConfigSources): ConfigMistake[] {
  const known = Object.values(definition).flatMap((option) => [option.name, `${option.name}_FILE`]);
  const given = Object.keys(sources.file ?? {});
  if (sources.prefix !== undefined) {
    const { prefix } = sources;
    given.push(...Object.keys(sources.env).filter((name) => name.startsWith(prefix) && !OF_KUBERNETES.test(name)));
  }
  return given
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearest(name, known);
      return { name, problem: `is no option${near === undefined ? '' : `; did you mean ${near}?`}` };
    });
}
