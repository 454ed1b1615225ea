import { resolve } from 'node:path';
import { trustEverywhere } from '@tranche/http';
import { silentLogger } from '@tranche/telemetry';
import { readTlsConfig } from '../processes/processes.config.js';
import { readRunning, type RunningCluster } from '../processes/cluster-file.js';
import { parseFolderFlags } from './folder-flags.js';

/** How long a service may take to say whether it is ready. */
const READY_TIMEOUT_MS = 2_000;

/** What `/readyz` says, or why it says nothing. */
interface Readiness {
  readonly ready: boolean;
  readonly dependencies: Readonly<Record<string, true | string>>;
}

/** `local status`: what runs of this machine's cluster, and how each part is. @returns 0 all is ready, 1 something is not, 5 none runs */
export async function localStatus(args: readonly string[]): Promise<number> {
  const parsed = parseFolderFlags(
    'local status',
    'says what runs of the cluster of a data folder, and how it is',
    args,
  );
  if (!parsed.ok) return parsed.exitCode;
  const { data, json } = parsed.flags;
  const cluster = readRunning(resolve(data));
  if (cluster === undefined) {
    process.stderr.write(
      `error: no local cluster runs with the data folder ${data}\n  start it: npm start -- --data ${data}\n`,
    );
    return 5;
  }
  trustEverywhere(readTlsConfig(), { logger: silentLogger });
  const parts = await Promise.all(
    partsOf(cluster).map(async (part) => ({ ...part, ...(await readinessOf(part.address)) })),
  );
  if (json) process.stdout.write(`${JSON.stringify({ url: cluster.url, pid: cluster.pid, parts }, undefined, 2)}\n`);
  else {
    process.stdout.write(`${cluster.url}  pid ${cluster.pid}\n`);
    for (const part of parts) process.stdout.write(`${lineOf(part)}\n`);
  }
  return parts.every(({ ready }) => ready) ? 0 : 1;
}

type Part = ReturnType<typeof partsOf>[number];

/** A cluster in one process is one part: whoever owns `/readyz` of the public address. */
const partsOf = ({ url, pid, processes }: RunningCluster) =>
  processes.length > 0
    ? processes
    : [{ name: 'all in one', pid, address: url, logFile: '', restarts: 0, lastEnd: undefined, refusal: undefined }];

async function readinessOf(address: string | undefined): Promise<Readiness> {
  if (address === undefined) return { ready: false, dependencies: { process: 'does not serve' } };
  try {
    const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    return (await answer.json()) as Readiness;
  } catch (error) {
    const cause = (error as Error).cause;
    return {
      ready: false,
      dependencies: { process: cause instanceof Error ? cause.message : (error as Error).message },
    };
  }
}

function lineOf(part: Part & Readiness): string {
  const { name, pid, address, restarts, lastEnd, refusal, logFile, ready, dependencies } = part;
  if (refusal !== undefined && !ready) return `  ✘ ${name.padEnd(10)} refused: ${refusal}  ${logFile}`;
  const troubles = Object.entries(dependencies).flatMap(([of, state]) => (state === true ? [] : [`${of}: ${state}`]));
  const again = restarts === 0 ? '' : `  started again ${restarts}× (${lastEnd})`;
  const log = ready && restarts === 0 ? '' : `  ${logFile}`;
  return `  ${ready ? '✔' : '✘'} ${name.padEnd(10)} pid ${String(pid ?? '–').padEnd(8)} ${(address ?? '–').padEnd(24)}${again}${
    troubles.length === 0 ? '' : `  ${troubles.join('; ')}`
  }${log}`.trimEnd();
}
