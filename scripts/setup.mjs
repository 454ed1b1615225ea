// Makes a fresh clone ready: dependencies (and with them Node 24), the container runtime where that is possible, the build.
// Needs nothing installed but Node >= 18 with npm. Flags: --no-build, --runtime (install the OCI runtime as root on Debian or Ubuntu),
// --test-servers (likewise the broker and the database that tests start).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkNode } from './link-node.mjs';
import { installRuntime } from './setup-runtime.mjs';
import { installTestServers } from './setup-test-servers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const flags = new Set(process.argv.slice(2));
const MINIMUM_NODE = [22, 22];

/** Runs a step in the foreground; its failure is ours. */
function run(command, args, what) {
  const result = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: root });
  if (result.status === 0) return;
  console.error(`setup: ${what} failed${result.error ? `: ${result.error.message}` : ''}`);
  process.exit(result.status ?? 1);
}

function installDependencies() {
  const stamp = join(root, 'node_modules', '.setup-stamp');
  const want = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return;
  console.error('setup: installing dependencies (about a minute the first time)');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (process.env.npm_execpath) run(process.execPath, [process.env.npm_execpath, ...args], 'npm ci');
  else run('npm', args, 'npm ci');
  linkNode(root);
  writeFileSync(stamp, want);
}

/** The Node that the dependencies brought, else the person's own. */
function currentNode() {
  const bundled = join(root, 'node_modules', '.bin', 'node');
  const node = existsSync(bundled) ? bundled : process.execPath;
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return node;
  console.error(
    `setup: Node ${MINIMUM_NODE.join('.')} or newer is needed; found ${version}. Install it from your system's packages`,
  );
  process.exit(1);
}

installDependencies();
const node = currentNode();
if (flags.has('--runtime')) installRuntime();
if (flags.has('--test-servers')) installTestServers();
if (!flags.has('--no-build')) run(node, [join(root, 'node_modules/typescript/bin/tsc'), '-b'], 'the build');
