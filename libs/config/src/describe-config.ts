import type { LoadedConfig } from './load-config.js';
import type { ConfigDefinition } from './option.js';

/** Lines for `--print-config`: name, value (secrets masked) and where it came from. */
export function describeConfig<D extends ConfigDefinition>(definition: D, loaded: LoadedConfig<D>): string[] {
  return Object.entries(definition).map(([key, option]) => {
    const value = (loaded.values as Record<string, unknown>)[key];
    const shown = option.secret && value !== undefined && value !== '' ? '********' : textOf(value);
    return `${option.name}=${shown}  # ${loaded.origins[key]}`;
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
