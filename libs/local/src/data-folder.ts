import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalStartError } from './local.errors.js';
import { processStartTicks } from './process-table.js';

/**
 * The folder with all state of the local cluster:
 *
 *     .tranche/
 *     ├─ tranche.json          whose folder this is, in which format
 *     ├─ lock                  the process that uses it
 *     ├─ tranche.db            registry, offers, quota
 *     ├─ logs/agent1.log       what the registry and each agent say: operators read it through them
 *     └─ agents/agent1/        one work directory an agent: journal, sandboxes, containers' runtime state
 */
export interface DataFolder {
  readonly path: string;
  readonly databaseFile: string;
  /** What a service or an agent says, where that goes to a file. */
  logFile(name: string): string;
  agentFolder(name: string): string;
  /** Lets another process use the folder. */
  unlock(): Promise<void>;
}

/** Raised when an older version could no longer read the folder. */
const FORMAT = 1;

/** Left alone by a reset until the agents have removed the containers that it describes. */
const RUNTIME_FOLDER = 'runtime';

interface Marker {
  readonly kind: 'tranche-local';
  readonly format: number;
  readonly version: string;
}

/**
 * Takes a folder into use: a new one, an empty one, or one of ours.
 *
 * @param reset forget what is in it; what runs is then removed by the agents, which no longer know it
 * @throws LocalStartError when the folder is somebody else's, of a newer version, or in use. Nothing in it has changed then.
 */
export async function openDataFolder(path: string, version: string, reset: boolean): Promise<DataFolder> {
  const unlock = await takeOver(path, version, reset).catch((error: unknown) => {
    throw error instanceof LocalStartError ? error : unusable(path, error);
  });
  return {
    path,
    databaseFile: join(path, 'tranche.db'),
    logFile: (name) => join(path, 'logs', `${name}.log`),
    agentFolder: (name) => join(path, 'agents', name),
    unlock,
  };
}

/** @returns a function that lets the folder go */
async function takeOver(path: string, version: string, reset: boolean): Promise<() => Promise<void>> {
  const entries = await entriesOf(path);
  if (entries.length > 0) await checkMarker(path, version);
  await mkdir(path, { recursive: true });
  const unlock = await lock(join(path, 'lock'));
  if (reset) await clear(path);
  const marker: Marker = { kind: 'tranche-local', format: FORMAT, version };
  await writeFile(join(path, 'tranche.json'), `${JSON.stringify(marker)}\n`);
  return unlock;
}

/** The system does not let us: not a folder, not ours to write, no space left. */
const unusable = (path: string, cause: unknown): LocalStartError =>
  new LocalStartError('local/foreign-folder', `cannot use ${path} as data folder: ${(cause as Error).message}`, [
    'another folder: npm start -- --data DIR',
  ]);

async function entriesOf(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function checkMarker(path: string, version: string): Promise<void> {
  let marker: Partial<Marker> | undefined;
  try {
    marker = JSON.parse(await readFile(join(path, 'tranche.json'), 'utf8')) as Partial<Marker>;
  } catch {
    // No marker, or one that we did not write: not our folder.
  }
  if (marker?.kind !== 'tranche-local' || typeof marker.format !== 'number') {
    throw new LocalStartError('local/foreign-folder', `${path} is not empty and is no data folder of Tranche`, [
      'nothing in it was changed; another folder: npm start -- --data DIR',
    ]);
  }
  if (marker.format > FORMAT) {
    throw new LocalStartError(
      'local/newer-folder',
      `${path} was written by Tranche ${marker.version} (format ${marker.format}); this is ${version} (format ${FORMAT})`,
      ['nothing in it was changed; use that version again, or another folder: npm start -- --data DIR'],
    );
  }
}

/** @returns a function that gives the lock back */
async function lock(file: string): Promise<() => Promise<void>> {
  const mine = `${process.pid} ${await processStartTicks(process.pid)}\n`;
  const holder = await readFile(file, 'utf8').catch(() => '');
  const [pid = '', ticks = ''] = holder.trim().split(' ');
  if (pid !== '' && Number(pid) !== process.pid && (await processStartTicks(Number(pid))) === ticks) {
    throw new LocalStartError(
      'local/folder-in-use',
      `a local cluster with this data folder is running already (pid ${pid})`,
      [`use it: npx tranche status      end it: kill ${pid}      a second one: npm start -- --data DIR --port PORT`],
    );
  }
  const handle = await open(file, 'w');
  await handle.writeFile(mine);
  await handle.close();
  return () => rm(file, { force: true });
}

/** Removes everything but the lock and what the agents need to find and remove running containers. */
async function clear(path: string): Promise<void> {
  for (const entry of await readdir(path)) {
    if (entry !== 'lock' && entry !== 'agents') await rm(join(path, entry), { recursive: true, force: true });
  }
  const agents = join(path, 'agents');
  for (const agent of await readdir(agents).catch(() => [])) {
    for (const entry of await readdir(join(agents, agent))) {
      if (entry !== RUNTIME_FOLDER) await rm(join(agents, agent, entry), { recursive: true, force: true });
    }
  }
}
