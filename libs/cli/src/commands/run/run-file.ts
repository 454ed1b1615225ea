import { nearest } from '@tranche/config';
import { parse } from 'yaml';
import { UsageError } from '../../cli.errors.js';
import type { RunSpec } from './run-spec.js';

type Shape = 'text' | 'scalar' | 'boolean' | 'texts' | 'command' | 'map' | Readonly<Record<string, 'text' | 'scalar'>>;

/** Every key of a run file and what its value may be. */
const SHAPES: Readonly<Record<keyof RunSpec, Shape>> = {
  name: 'text',
  instances: 'scalar',
  command: 'command',
  resources: { cpus: 'scalar', mem: 'scalar', disk: 'scalar', gpus: 'scalar', ports: 'scalar' },
  image: 'text',
  env: 'map',
  uris: 'texts',
  role: 'text',
  where: 'texts',
  restart: 'text',
  labels: 'map',
  user: 'text',
  tty: 'boolean',
  maxTime: 'scalar',
  shell: 'boolean',
  health: {
    http: 'text',
    command: 'text',
    delay: 'text',
    interval: 'text',
    grace: 'text',
    timeout: 'text',
    failures: 'scalar',
  },
};

/**
 * Reads a run file, YAML or JSON, which is YAML too.
 *
 * @param path for the errors
 * @throws UsageError with all mistakes
 */
export function parseRunFile(text: string, path: string): RunSpec {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new UsageError(`${path} is no YAML: ${(error as Error).message.split('\n')[0]}`, [], { cause: error });
  }
  if (!isMap(value)) throw new UsageError(`${path} must hold a map: name, command, resources …`);
  const mistakes = findMistakes(value, SHAPES, '');
  if (mistakes.length > 0) throw new UsageError(`${path} cannot be run`, mistakes);
  return value;
}

function findMistakes(
  value: Record<string, unknown>,
  shapes: Readonly<Record<string, Shape>>,
  prefix: string,
): string[] {
  return Object.entries(value).flatMap(([key, member]) => {
    const shape = shapes[key];
    if (shape === undefined) {
      const meant = nearest(key, Object.keys(shapes));
      return [`${prefix}${key}: is not known${meant ? `, did you mean ${meant}?` : ''}`];
    }
    if (typeof shape !== 'object') {
      const finding = mistakeOf(member, shape);
      return finding ? [`${prefix}${key}: ${finding}`] : [];
    }
    return isMap(member) ? findMistakes(member, shape, `${prefix}${key}.`) : [`${prefix}${key}: must be a map`];
  });
}

function mistakeOf(value: unknown, shape: Exclude<Shape, object>): string | undefined {
  switch (shape) {
    case 'text':
      return typeof value === 'string' ? undefined : 'must be a text';
    case 'scalar':
      return isScalar(value) ? undefined : 'must be a number or a text';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'texts':
      return isTexts(value) ? undefined : 'must be a list of texts';
    case 'command':
      return typeof value === 'string' || isTexts(value) ? undefined : 'must be a text or a list of texts';
    case 'map':
      return isMap(value) && Object.values(value).every((member) => typeof member === 'boolean' || isScalar(member))
        ? undefined
        : 'must be a map of texts';
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
