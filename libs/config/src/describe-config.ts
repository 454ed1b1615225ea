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

/** One option as `/v1/settings` shows it. */
export interface Setting {
  readonly name: string;
  /** Secrets are masked; null when nothing is set. */
  readonly value: unknown;
  /** `program`: whoever started the service in its own process has set it. */
  readonly origin: 'environment' | 'file' | 'default' | 'program';
  readonly default: unknown;
  readonly type: string;
  readonly unit?: string;
  readonly description: string;
}

/** @param origins where each value came from, by property name; absent for a service that was started within another program */
export function settingsOf<D extends ConfigDefinition>(
  definition: D,
  values: Readonly<Record<keyof D, unknown>>,
  origins?: LoadedConfig<D>['origins'],
): Setting[] {
  return Object.entries(definition).map(([key, option]) => {
    const value = values[key];
    const isHidden = option.secret && value !== undefined && value !== '';
    return {
      name: option.name,
      value: isHidden ? '********' : (value ?? null),
      origin: origins?.[key] ?? (value === option.default ? 'default' : 'program'),
      default: option.default ?? null,
      type: option.type,
      ...(option.unit === undefined ? {} : { unit: option.unit }),
      description: option.description,
    };
  });
}
