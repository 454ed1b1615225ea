// Runs the commands of README.md, in their order, on a data folder of its own: what a newcomer types must work.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const text = readFileSync(join(root, 'README.md'), 'utf8');
const commands = [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
  block.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])),
);
const folder = mkdtempSync(join(tmpdir(), 'tranche-readme-'));

const shell = (command) =>
  spawn('sh', ['-c', command], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true });

/** Starts the cluster and resolves when it says that it is ready. */
function startCluster(command) {
  const child = shell(`${command} -- --data ${join(folder, 'data')}`);
  const ready = new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output += chunk;
      if (/Ready in/.test(output)) resolve();
    });
    child.once('close', (status) => reject(new Error(`\`${command}\` ended with ${status} before it was ready`)));
  });
  return { child, ready };
}

function run(command) {
  return new Promise((resolve, reject) => {
    const child = shell(command);
    child.stdout.pipe(process.stdout);
    child.once('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`\`${command}\` ended with ${status}`)),
    );
  });
}

let cluster;
try {
  if (commands[0] !== 'npm start' || commands.length < 3)
    throw new Error('README.md does not begin with `npm start` and its uses');
  console.log('$ npm start');
  cluster = startCluster('npm start');
  await cluster.ready;
  for (const command of commands.slice(1)) {
    console.log(`$ ${command}`);
    await run(command);
  }
  console.log(`README: ${commands.length} commands work`);
} catch (error) {
  console.error(`README: ${error.message}`);
  process.exitCode = 1;
} finally {
  if (cluster?.child.exitCode === null) {
    const closed = new Promise((resolve) => cluster.child.once('close', resolve));
    process.kill(-Number(cluster.child.pid), 'SIGINT');
    await closed;
  }
  rmSync(folder, { recursive: true, force: true });
}
