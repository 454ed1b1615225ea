import { nearest } from '@tranche/config';
import { UsageError } from './cli.errors.js';

/** One cluster that the person works with. */
export interface ContextEntry {
  url: string;
  token?: string;
  /** Read at each command; `~/` is the home folder. */
  tokenFile?: string;
  user?: string;
  password?: string;
  /** File of certificates to trust. */
  ca?: string;
  /** Commands that change something always ask. */
  confirm?: boolean;
}

/** `~/.config/tranche/config.yaml`. */
export interface ConfigFile {
  /** Name of the context that is used when none is named. */
  current?: string;
  contexts: Record<string, ContextEntry>;
}

const CONTEXT_KEYS: Record<keyof ContextEntry, 'string' | 'boolean'> = {
  url: 'string',
  token: 'string',
  tokenFile: 'string',
  user: 'string',
  password: 'string',
  ca: 'string',
  confirm: 'boolean',
};

/**
 * Checks what was read from the configuration file.
 *
 * @param value   the parsed YAML document; undefined or null for an empty file
 * @param path    of the file, for the error
 * @throws UsageError with all mistakes
 */
export function checkConfigFile(value: unknown, path: string): ConfigFile {
  const mistakes: string[] = [];
  const root = asRecord(value ?? {}, 'the file', mistakes);
  reportUnknown(root, ['current', 'contexts'], '', mistakes);
  const contexts = asRecord(root['contexts'] ?? {}, 'contexts', mistakes);
  for (const [name, entry] of Object.entries(contexts)) checkContext(name, entry, mistakes);
  const { current } = root;
  if (current !== undefined && (typeof current !== 'string' || !(current in contexts))) {
    mistakes.push(`current: there is no context ${JSON.stringify(current)}`);
  }
  if (mistakes.length > 0) throw new UsageError(`${path} is not valid`, mistakes);
  return { ...(current !== undefined && { current: current as string }), contexts: contexts as ConfigFile['contexts'] };
}

function checkContext(name: string, entry: unknown, mistakes: string[]): void {
  const where = `contexts.${name}`;
  const record = asRecord(entry, where, mistakes);
  reportUnknown(record, Object.keys(CONTEXT_KEYS), `${where}.`, mistakes);
  for (const [key, type] of Object.entries(CONTEXT_KEYS)) {
    const value = record[key];
    if (value !== undefined && typeof value !== type) mistakes.push(`${where}.${key}: must be a ${type}`);
  }
  if (record['url'] === undefined) mistakes.push(`${where}.url: is missing`);
  else if (typeof record['url'] === 'string' && !URL.canParse(record['url'])) {
    mistakes.push(`${where}.url: "${record['url']}" is no URL`);
  }
}

function asRecord(value: unknown, where: string, mistakes: string[]): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  mistakes.push(`${where}: must be a map`);
  return {};
}

function reportUnknown(record: object, known: readonly string[], prefix: string, mistakes: string[]): void {
  for (const key of Object.keys(record).filter((key) => !known.includes(key))) {
    const meant = nearest(key, known);
    mistakes.push(`${prefix}${key}: is not known${meant ? `, did you mean ${meant}?` : ''}`);
  }
}
