/** What to run, as a FILE says it and as the flags are read: not checked yet, sizes and durations as people write them. */
export interface RunSpec {
  name?: string;
  instances?: number | string;
  command?: string | string[];
  resources?: {
    cpus?: number | string;
    mem?: number | string;
    disk?: number | string;
    gpus?: number | string;
    ports?: number | string;
  };
  image?: string;
  env?: Record<string, string | number | boolean>;
  uris?: string[];
  role?: string;
  where?: string[];
  restart?: string;
  labels?: Record<string, string | number | boolean>;
  user?: string;
  tty?: boolean;
  maxTime?: string | number;
  shell?: boolean;
  health?: {
    http?: string;
    command?: string;
    delay?: string;
    interval?: string;
    grace?: string;
    timeout?: string;
    failures?: number;
  };
}

/** Flags weigh more than the file; environment and labels are joined. */
export function mergeSpecs(file: RunSpec, flags: RunSpec): RunSpec {
  const merged: RunSpec = { ...file, ...withoutUnset(flags) };
  const resources = { ...file.resources, ...withoutUnset(flags.resources ?? {}) };
  return {
    ...merged,
    resources,
    env: { ...file.env, ...flags.env },
    labels: { ...file.labels, ...flags.labels },
  };
}

function withoutUnset<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
