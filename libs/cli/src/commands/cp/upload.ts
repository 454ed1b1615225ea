import { randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import type { CliContext } from '../../cli-context.js';
import { FailedError, InterruptedError, NotFoundError } from '../../cli.errors.js';
import { kindOf, type LocalEntry, openFile, walk } from '../../local-files.js';
import { AgentCalls } from '../../sessions/agent-calls.js';
import { placeOfTask } from '../../sessions/container-place.js';
import { runSession } from '../../sessions/run-session.js';
import { catchSignals } from '../../sessions/stop-session.js';
import { findTarget, type SandboxTarget } from '../fs/sandbox-target.js';
import { CopyProgress } from './copy-progress.js';
import type { Copied } from './download.js';
import { lookUp } from './remote-tree.js';

/** Statuses of the script below, beside those of tar. @source sysexits.h: EX_NOINPUT, EX_UNAVAILABLE */
const NO_FOLDER = 66;
const NO_TAR = 69;

/** Unpacks in the folder `$1` of the sandbox: permissions and times as they were, the owner is the task's. */
const UNPACK = [
  'cd "${MESOS_SANDBOX:-.}/$1" || exit 66',
  'command -v tar >/dev/null 2>&1 || exit 69',
  'exec tar -xpof -',
].join('\n');

/**
 * Copies a file or folder of this machine into the sandbox of a running task: as an archive, which `tar` in its container unpacks.
 *
 * @throws NotFoundError, FailedError
 */
export async function upload(context: CliContext, local: string, remote: string): Promise<Copied> {
  const kind = await kindOf(local);
  if (kind === undefined) throw new NotFoundError(`there is no ${local}`, []);
  const target = await findTarget(context.api, remote);
  const { folder, name } = await placeFor(context, target, kind, basename(resolve(local)));
  const entries: LocalEntry[] = [];
  for await (const entry of walk(resolve(local))) entries.push(entry);
  const bytes = entries.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  if (!context.flags.dryRun) await send(context, target, { folder, name, root: resolve(local), entries, bytes });
  const copied = entries.filter((entry) => entry.kind !== 'other');
  return {
    from: local,
    to: `${target.task.name}:${folder === '' ? '' : `${folder}/`}${name}`,
    files: copied.filter((entry) => entry.kind !== 'folder').length,
    bytes,
    skipped: entries
      .filter((entry) => entry.kind === 'other')
      .map(({ path }) => `${path.join('/')}: neither file nor folder`),
  };
}

/** What goes where. */
interface Parcel {
  readonly folder: string;
  readonly name: string;
  readonly root: string;
  readonly entries: readonly LocalEntry[];
  readonly bytes: number;
}

async function send(context: CliContext, target: SandboxTarget, parcel: Parcel): Promise<void> {
  const { folder, name, root, entries, bytes } = parcel;
  const progress = new CopyProgress(context, name, bytes);
  const archive = pack();
  const packed = packAll(archive, entries, { root, name, progress }).catch((error: unknown) =>
    archive.destroy(error as Error),
  );
  try {
    await unpackInside(context, target, folder, archive as AsyncIterable<Buffer>);
    await packed;
  } finally {
    progress.clear();
  }
}

/** A folder that is there takes it under its own name; otherwise the path is its new name. */
async function placeFor(
  { api }: CliContext,
  target: SandboxTarget,
  kind: 'folder' | 'file' | 'other',
  ownName: string,
): Promise<{ folder: string; name: string }> {
  const path = target.path.replace(/\/+$/, '');
  const there = await lookUp(api, { ...target, path });
  if (there?.kind === 'folder') return { folder: path, name: ownName };
  const { name } = target.task;
  if (target.path.endsWith('/'))
    throw new NotFoundError(`${name} has no folder ${path}`, [`try: tranche fs ls ${name}`]);
  if (there !== undefined && there.kind !== kind)
    throw new FailedError(`${name}:${path} is there already, and no ${kind}`);
  const folder = dirname(path);
  return { folder: folder === '.' ? '' : folder, name: basename(path) };
}

async function packAll(
  archive: Pack,
  entries: readonly LocalEntry[],
  { root, name, progress }: { root: string; name: string; progress: CopyProgress },
): Promise<void> {
  for (const { path, kind, mode, mtimeMs, sizeBytes, target } of entries) {
    const header = { name: [name, ...path.slice(1)].join('/'), mode, mtime: new Date(mtimeMs) };
    if (kind === 'folder') archive.entry({ ...header, type: 'directory' });
    if (kind === 'link') archive.entry({ ...header, type: 'symlink', linkname: target ?? '' });
    if (kind !== 'file') continue;
    if (sizeBytes === 0) {
      archive.entry({ ...header, type: 'file' }, '');
      continue;
    }
    const entry = archive.entry({ ...header, type: 'file', size: sizeBytes });
    await pipeline(openFile(join(root, ...path.slice(1)), sizeBytes), (bytes) => progress.counting(bytes), entry);
  }
  archive.finalize();
}

async function unpackInside(
  { api, io }: CliContext,
  { task }: SandboxTarget,
  folder: string,
  archive: AsyncIterable<Uint8Array>,
): Promise<void> {
  const place = await placeOfTask(api, task.id);
  const gone = new AbortController();
  const signals = catchSignals(io, { end: () => gone.abort() });
  let said = '';
  try {
    const session = {
      id: { value: randomUUID(), parent: place.container },
      command: { shell: false, value: 'sh', arguments: ['sh', '-c', UNPACK, 'sh', folder] },
    };
    const take = async (_: string, data: Buffer): Promise<void> => void (said = (said + data.toString()).slice(-2000));
    const end = await runSession(new AgentCalls(api, place.agentId), session, { input: archive, take }, gone.signal);
    if (end.kind === 'failed') throw new FailedError(`nothing could be unpacked in ${task.name}: ${end.message}`);
    checkStatus(end.exitCode, { task: task.name, folder, said: said.trim() });
  } catch (error) {
    if (signals.exitCode() === undefined) throw error;
    throw new InterruptedError('interrupted; part of it may be there already', [], { cause: error });
  } finally {
    signals.release();
  }
}

function checkStatus(status: number, { task, folder, said }: { task: string; folder: string; said: string }): void {
  if (status === 0) return;
  if (status === NO_FOLDER) throw new NotFoundError(`${task} has no folder ${folder}`, [`try: tranche fs ls ${task}`]);
  if (status === NO_TAR) {
    throw new FailedError(`${task} has no tar in its container, which is what unpacks the copy`, [
      `one file can go without: tranche exec -i ${task} -- 'cat > FILE' < FILE`,
    ]);
  }
  throw new FailedError(
    `tar in the container of ${task} ended with status ${status}`,
    said === '' ? [] : said.split('\n'),
  );
}
