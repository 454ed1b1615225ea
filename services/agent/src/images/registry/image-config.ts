import { ImageError } from '../image.errors.js';

/** How an image wants to be run. JSON-safe. */
export interface ImageRuntime {
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** Absent: none is asked for. */
  readonly workingDirectory?: string;
  /** Not obeyed, as Mesos does not. */
  readonly user?: string;
}

export interface ImageConfig {
  readonly runtime: ImageRuntime;
  /** Digests of the layers as archives that are not compressed, the lowest first. */
  readonly diffIds: readonly string[];
}

const DIFF_ID = /^sha256:[0-9a-f]{64}$/u;

/**
 * Reads the configuration of an image.
 *
 * @throws ImageError bad-answer
 * @source OCI image-spec 1.1: config; Docker: image spec 1.2
 */
export function readImageConfig(bytes: Buffer, layers: number, name: string): ImageConfig {
  const bad = (what: string): ImageError => new ImageError('bad-answer', `the configuration of ${name} ${what}`);
  let document: { config?: Record<string, unknown> | null; rootfs?: { diff_ids?: unknown } | null } | null;
  try {
    document = JSON.parse(bytes.toString('utf8')) as typeof document;
  } catch {
    throw bad('is no JSON document');
  }
  const diffIds = document?.rootfs?.diff_ids ?? [];
  if (!Array.isArray(diffIds) || !diffIds.every((id): id is string => typeof id === 'string' && DIFF_ID.test(id))) {
    throw bad('has diff_ids that are no sha256');
  }
  if (diffIds.length !== layers) throw bad(`names ${diffIds.length} layers, its manifest ${layers}`);
  const { Env, Entrypoint, Cmd, WorkingDir, User } = document?.config ?? {};
  return {
    diffIds,
    runtime: {
      env: textsOf(Env).map((line) => splitVariable(line)),
      entrypoint: textsOf(Entrypoint),
      cmd: textsOf(Cmd),
      ...(typeof WorkingDir === 'string' && WorkingDir !== '' ? { workingDirectory: WorkingDir } : {}),
      ...(typeof User === 'string' && User !== '' ? { user: User } : {}),
    },
  };
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

function splitVariable(line: string): readonly [string, string] {
  const equals = line.indexOf('=');
  return equals === -1 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
}
