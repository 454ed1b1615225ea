import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessFacts } from './managed-process.js';

/** What `local status` reads of a cluster that runs. */
export interface RunningCluster {
  readonly pid: number;
  readonly url: string;
  /** Empty where all is in one process. */
  readonly processes: readonly ProcessFacts[];
}

const fileOf = (dataFolder: string): string => join(dataFolder, 'running.json');

export function writeRunning(dataFolder: string, cluster: RunningCluster): void {
  const file = fileOf(dataFolder);
  writeFileSync(`${file}.new`, `${JSON.stringify(cluster, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** @returns undefined when no cluster has this folder, or a killed one had */
export function readRunning(dataFolder: string): RunningCluster | undefined {
  try {
    const cluster = JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')) as RunningCluster;
    process.kill(cluster.pid, 0);
    return cluster;
  } catch {
    return undefined;
  }
}

export const removeRunning = (dataFolder: string): void => rmSync(fileOf(dataFolder), { force: true });

/**
 * What this cluster's exchanges and queues begin with on a broker that others may use too: the same at each start, until a reset.
 */
export function brokerNamespace(dataFolder: string): string {
  const file = join(dataFolder, 'namespace');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    const name = `tranche-${randomBytes(4).toString('hex')}`;
    writeFileSync(file, `${name}\n`);
    return name;
  }
}
