import { join } from 'node:path';
import type { CliIo } from './cli-io.js';
import { UsageError } from './cli.errors.js';
import type { ConfigFile, ContextEntry } from './config-file.js';
import { parseDurationMs } from './values/duration.js';

export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'jsonl', 'name'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Flags that every command takes, as commander parses them. */
export interface GlobalFlags {
  url?: string;
  context?: string;
  output?: string;
  json?: boolean;
  watch?: boolean;
  selector?: string;
  sort?: string;
  max?: string;
  all?: boolean;
  yes?: boolean;
  dryRun?: boolean;
  timeout?: string;
  quiet?: boolean;
  verbose?: boolean;
  color?: boolean;
}

/** Which cluster, as whom, and how to print: flags before environment before configuration file before defaults. */
export interface CliSettings {
  url: string;
  /** Undefined when the URL was given by itself. */
  contextName: string | undefined;
  token: string | undefined;
  credential: { principal: string; secret: string } | undefined;
  caFile: string | undefined;
  /** The context says that changing commands always ask. */
  mustConfirm: boolean;
  output: OutputFormat;
  color: boolean;
  /** For each answer of the cluster. */
  timeoutMs: number;
}

const DEFAULT_URL = 'http://127.0.0.1:5050';
const DEFAULT_TIMEOUT_MS = 30_000;

/** The only place that reads the environment of this process. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/**
 * Joins flags, environment and configuration file.
 *
 * @throws UsageError for a value that is not valid, wherever it comes from
 */
export async function loadSettings(flags: GlobalFlags, io: CliIo): Promise<CliSettings> {
  const { env } = io;
  const explicitUrl = flags.url ?? (flags.context === undefined ? env['TRANCHE_URL'] : undefined);
  const chosen =
    explicitUrl === undefined ? await chooseContext(flags.context ?? env['TRANCHE_CONTEXT'], io) : undefined;
  const token = env['TRANCHE_TOKEN'] ?? (await tokenOf(chosen?.entry, io));
  const user = env['TRANCHE_USER'] ?? chosen?.entry.user;
  const password = env['TRANCHE_PASSWORD'] ?? chosen?.entry.password;
  return {
    url: checkUrl(explicitUrl ?? chosen?.entry.url ?? DEFAULT_URL),
    contextName: chosen?.name,
    token,
    credential: user === undefined ? undefined : { principal: user, secret: password ?? '' },
    caFile: env['TRANCHE_CA_FILE'] ?? (chosen?.entry.ca && resolvePath(chosen.entry.ca, io)),
    mustConfirm: chosen?.entry.confirm ?? false,
    output: outputFormat(flags, env['TRANCHE_OUTPUT']),
    color: flags.color !== false && !env['NO_COLOR'] && io.stdout.isTTY === true,
    timeoutMs: flags.timeout === undefined ? DEFAULT_TIMEOUT_MS : parseDurationMs(flags.timeout, '--timeout'),
  };
}

/** Where the configuration file is, whether it exists or not. */
export function configPath({ env, homeFolder }: CliIo): string {
  const folder = env['XDG_CONFIG_HOME'] || join(homeFolder, '.config');
  return env['TRANCHE_CONFIG'] ?? join(folder, 'tranche', 'config.yaml');
}

/**
 * Reads the configuration file; without one, there are no contexts.
 *
 * @throws UsageError when it is not valid
 */
export async function readConfigFile(io: CliIo): Promise<ConfigFile> {
  const path = configPath(io);
  const text = await io.readFile(path);
  if (text === undefined) return { contexts: {} };
  const [{ parse }, { checkConfigFile }] = await Promise.all([import('yaml'), import('./config-file.js')]);
  try {
    return checkConfigFile(parse(text), path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} is no YAML: ${(error as Error).message.split('\n')[0]}`, [], { cause: error });
  }
}

async function chooseContext(
  wanted: string | undefined,
  io: CliIo,
): Promise<{ name: string; entry: ContextEntry } | undefined> {
  const { current, contexts } = await readConfigFile(io);
  const name = wanted ?? current;
  if (name === undefined) return undefined;
  const entry = contexts[name];
  if (entry) return { name, entry };
  const names = Object.keys(contexts);
  throw new UsageError(`there is no context "${name}"`, [
    names.length > 0 ? `contexts: ${names.join(' ')}` : `${configPath(io)} has none`,
  ]);
}

async function tokenOf(entry: ContextEntry | undefined, io: CliIo): Promise<string | undefined> {
  if (entry?.tokenFile === undefined) return entry?.token;
  const path = resolvePath(entry.tokenFile, io);
  const text = await io.readFile(path);
  if (text === undefined) throw new UsageError(`the context's token file ${path} does not exist`);
  return text.trim();
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/+$/, '');
  throw new UsageError(`"${text}" is no address of a cluster`, [`addresses look like ${DEFAULT_URL}`]);
}

function outputFormat(flags: GlobalFlags, fromEnvironment: string | undefined): OutputFormat {
  if (flags.json) return 'json';
  const text = flags.output ?? fromEnvironment ?? 'table';
  const format = OUTPUT_FORMATS.find((known) => known === text);
  if (format) return format;
  throw new UsageError(`"${text}" is no output format`, [`formats: ${OUTPUT_FORMATS.join(' ')}`]);
}

/** Relative paths are relative to the configuration file's folder. */
function resolvePath(path: string, io: CliIo): string {
  if (path.startsWith('~/')) return join(io.homeFolder, path.slice(2));
  return path.startsWith('/') ? path : join(configPath(io), '..', path);
}
