import type { TaskNeeds } from '@tranche/scheduler';
import { UsageError } from '../../cli.errors.js';
import { parseDurationMs } from '../../values/duration.js';
import { parseSizeMb } from '../../values/size.js';
import { type Constraint, parseConstraint } from './constraints.js';
import type { RunSpec } from './run-spec.js';

export const RESTARTS = ['never', 'on-failure', 'always'] as const;
export type Restart = (typeof RESTARTS)[number];

/** A health check, durations in seconds as Mesos has them. */
export interface HealthPlan {
  /** Path of an HTTP check on the first port, or a command. */
  http?: string;
  command?: string;
  /** From the start to the first check; at once when absent, since the grace lets a task come up. */
  delaySeconds?: number;
  intervalSeconds?: number;
  graceSeconds?: number;
  timeoutSeconds?: number;
  failures?: number;
}

/** What to run, checked, in the units of the scheduler API. */
export interface RunPlan {
  name: string;
  instances: number;
  /** A text is for the shell. */
  command: string | string[];
  needs: Required<TaskNeeds>;
  env: Record<string, string>;
  labels: Record<string, string>;
  uris: string[];
  role: string;
  constraints: Constraint[];
  restart: Restart;
  user: string | undefined;
  image: string | undefined;
  tty: boolean;
  maxRunMs: number | undefined;
  health: HealthPlan | undefined;
}

const DEFAULT_CPUS = 0.1;
const DEFAULT_MEM_MB = 64;

/** A task id may hold 255 characters, of which eight and a hyphen are ours. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/**
 * Checks a run's description and fills in what is missing.
 *
 * @param suffix makes the default name unique: `sleep-7f3a`
 * @throws UsageError with all mistakes
 */
export function planRun(spec: RunSpec, suffix: string): RunPlan {
  const mistakes: string[] = [];
  const check = <T>(read: () => T, fallback: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push(error.message);
      return fallback;
    }
  };
  const { resources = {} } = spec;
  const command = check(() => commandOf(spec), '');
  const plan: RunPlan = {
    name: check(() => nameOf(spec, command, suffix), ''),
    instances: check(() => countOf(spec.instances ?? 1, 'instances', 1), 1),
    command,
    needs: {
      cpus: check(() => amountOf(resources.cpus ?? DEFAULT_CPUS, 'cpus'), 0),
      memMb: check(() => sizeOf(resources.mem, 'mem') ?? DEFAULT_MEM_MB, 0),
      diskMb: check(() => sizeOf(resources.disk, 'disk') ?? 0, 0),
      gpus: check(() => countOf(resources.gpus ?? 0, 'gpus', 0), 0),
      ports: check(() => countOf(resources.ports ?? 0, 'ports', 0), 0),
    },
    env: textValues(spec.env),
    labels: textValues(spec.labels),
    uris: spec.uris ?? [],
    role: spec.role ?? '*',
    constraints: (spec.where ?? []).flatMap((text) => check(() => [parseConstraint(text)], [])),
    restart: check(() => restartOf(spec.restart), 'never'),
    user: spec.user,
    image: spec.image,
    tty: spec.tty ?? false,
    maxRunMs:
      spec.maxTime === undefined ? undefined : check(() => parseDurationMs(String(spec.maxTime), 'max-time'), 0),
    health: spec.health && check(() => healthOf(spec), undefined),
  };
  if (mistakes.length > 0)
    throw new UsageError(
      mistakes.length === 1 ? mistakes[0]! : 'this cannot be run',
      mistakes.length === 1 ? [] : mistakes,
    );
  return plan;
}

/** `web` alone, or `web.0`, `web.1` … */
export function instanceName({ name, instances }: Pick<RunPlan, 'name' | 'instances'>, index: number): string {
  return instances === 1 ? name : `${name}.${index}`;
}

/** One text, or any text with `shell: true`, is for the shell; several words are a program and its arguments. None: what the image says. */
function commandOf({ command, shell, image }: RunSpec): string | string[] {
  if (command === undefined && image !== undefined) return [];
  const words = typeof command === 'string' ? [command] : (command ?? []);
  const [first] = words;
  if (first === undefined || first === '') {
    throw new UsageError('nothing to run', ['try: tranche run -- echo hello']);
  }
  if (shell ?? words.length === 1) return words.join(' ');
  return words.length === 1 ? first.trim().split(/\s+/) : words;
}

function nameOf({ name, image = '' }: RunSpec, command: string | string[], suffix: string): string {
  if (name === undefined) {
    const first = typeof command === 'string' ? command.trim().split(/\s+/)[0] : command[0];
    const program = first ?? image.replace(/(?:@.*|:[^/]*)$/, '');
    const word = program.slice(program.lastIndexOf('/') + 1).replace(/[^A-Za-z0-9_-]/g, '');
    return `${/^[A-Za-z0-9]/.test(word) ? word.slice(0, 40) : 'task'}-${suffix}`;
  }
  if (NAME.test(name)) return name;
  throw new UsageError(`name: "${name}" must be letters, digits, ".", "_" and "-", and begin with a letter or digit`);
}

function amountOf(value: number | string, what: string): number {
  const number = typeof value === 'number' ? value : Number(value.trim() || 'nothing');
  if (Number.isFinite(number) && number >= 0) return number;
  throw new UsageError(`${what}: "${value}" is no amount`);
}

function countOf(value: number | string, what: string, min: number): number {
  const number = amountOf(value, what);
  if (Number.isInteger(number) && number >= min) return number;
  throw new UsageError(`${what}: ${value} must be a whole number${min > 0 ? ` from ${min}` : ''}`);
}

function sizeOf(value: number | string | undefined, what: string): number | undefined {
  return value === undefined ? undefined : parseSizeMb(String(value), what);
}

function restartOf(text: string | undefined): Restart {
  const restart = RESTARTS.find((known) => known === (text ?? 'never'));
  if (restart) return restart;
  throw new UsageError(`restart: "${text}" is not one of ${RESTARTS.join(', ')}`);
}

function healthOf({ health = {}, resources }: RunSpec): HealthPlan {
  const { http, command, delay, interval, grace, timeout, failures } = health;
  if ((http === undefined) === (command === undefined)) throw new UsageError('health: needs either http or command');
  if (http !== undefined && !http.startsWith('/')) throw new UsageError(`health.http: "${http}" does not begin with /`);
  if (http !== undefined && Number(resources?.ports ?? 0) < 1)
    throw new UsageError('health.http: needs resources.ports');
  const seconds = (text: string | undefined, what: string): number | undefined =>
    text === undefined ? undefined : parseDurationMs(text, `health.${what}`) / 1000;
  return {
    ...(http !== undefined && { http }),
    ...(command !== undefined && { command }),
    delaySeconds: seconds(delay, 'delay'),
    intervalSeconds: seconds(interval, 'interval'),
    graceSeconds: seconds(grace, 'grace'),
    timeoutSeconds: seconds(timeout, 'timeout'),
    failures: failures === undefined ? undefined : countOf(failures, 'health.failures', 1),
  };
}

function textValues(values: Record<string, string | number | boolean> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, String(value)]));
}
