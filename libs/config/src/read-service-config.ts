import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { ConfigError } from './config.errors.js';
import { describeConfig, type Setting, settingsOf } from './describe-config.js';
import { type LoadedConfig, loadConfig } from './load-config.js';
import type { ConfigDefinition, ConfigOf } from './option.js';

/** What a process was started with; passed in by `<service>.config.ts`, the only reader of `process`. */
export interface ProcessInput {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a process shall do after it has read what it was started with. */
export type Started<C> =
  | {
      readonly kind: 'run';
      readonly config: C;
      readonly origins: LoadedConfig<ConfigDefinition>['origins'];
      /** The same as it is shown. */
      readonly settings: readonly Setting[];
    }
  /** Print the text and stop with the exit code. */
  | { readonly kind: 'stop'; readonly text: string; readonly exitCode: 0 | 2 };

export type ServiceConfigResult<D extends ConfigDefinition> = Started<ConfigOf<D>>;

/** Reads `--config FILE`, `--print-config`, `--help` and the environment of one service. */
export function readServiceConfig<D extends ConfigDefinition>(
  definition: D,
  input: ProcessInput,
  prefix: string,
): ServiceConfigResult<D> {
  try {
    const { values: flags } = parseArgs({
      args: [...input.argv],
      options: {
        config: { type: 'string' },
        'print-config': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (flags.help) return { kind: 'stop', text: helpText(definition), exitCode: 0 };
    const readFile = (path: string): string => readFileSync(path, 'utf8');
    const file = flags.config === undefined ? undefined : mappingOf(flags.config, readFile(flags.config));
    const loaded = loadConfig(definition, { env: input.env, readFile, prefix, ...(file ? { file } : {}) });
    if (flags['print-config'])
      return { kind: 'stop', text: describeConfig(definition, loaded).join('\n'), exitCode: 0 };
    const { values: config, origins } = loaded;
    return { kind: 'run', config, origins, settings: settingsOf(definition, config, origins) };
  } catch (error) {
    const text = error instanceof ConfigError ? error.message : `configuration: ${(error as Error).message}`;
    return { kind: 'stop', text, exitCode: 2 };
  }
}

/** An empty file sets nothing. @throws Error when it is no YAML, or no mapping of names to values */
function mappingOf(path: string, text: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parseYaml(text);
  } catch (cause) {
    throw new Error(`${path} is no YAML: ${(cause as Error).message}`, { cause });
  }
  if (content === null || content === undefined) return {};
  if (typeof content === 'object' && !Array.isArray(content)) return content as Record<string, unknown>;
  throw new Error(`${path} must map names of options to values`);
}

function helpText(definition: ConfigDefinition): string {
  const lines = Object.values(definition).map((option) => {
    const fallback =
      option.default === undefined || option.default === '' ? '' : `, default ${JSON.stringify(option.default)}`;
    return `  ${option.name}  (${option.type}${option.unit ? ` ${option.unit}` : ''}${fallback})\n      ${option.description}`;
  });
  return [
    'Options are read from the environment, else from --config FILE (YAML), else they have their default.',
    'Flags: --config FILE, --print-config, --help',
    '',
    ...lines,
  ].join('\n');
}
