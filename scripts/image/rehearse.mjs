// Carries out each step of the Dockerfile in folders instead of containers, then starts every service from the result as the image's user.
// Needs root and chroot, and debootstrap once; no Docker engine.  node scripts/image/rehearse.mjs [--base FOLDER] [--work FOLDER] [--keep]
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ignored, readDockerfile } from './dockerfile.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const HOST_CA = '/etc/ssl/host-ca.crt';
const SERVICES = ['registry', 'allocator', 'offers', 'quota'];
const START_TIMEOUT_MS = 60_000;

const { values: flags } = parseArgs({
  options: { base: { type: 'string' }, work: { type: 'string' }, keep: { type: 'boolean', default: false } },
});
if (process.getuid?.() !== 0) fail('root is needed to change into folders (chroot)');
const work = flags.work ?? mkdtempSync(join(tmpdir(), 'tranche-image-'));
mkdirSync(work, { recursive: true });
const say = (text) => console.log(`image: ${text}`);

function fail(text) {
  console.error(`image: ${text}`);
  process.exit(1);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  if (result.status !== 0) throw new Error(`${[command, ...args].join(' ').slice(0, 200)} ended with ${result.status}`);
}

function baseFolder() {
  if (flags.base !== undefined && existsSync(join(flags.base, 'bin'))) return flags.base;
  const folder = flags.base ?? join(work, 'base');
  say(`making the base in ${folder}`);
  run(join(root, 'scripts/image/base-image.sh'), [folder]);
  return folder;
}

/** What lets a step of ours reach the network as the host does. */
function lendNetwork(folder) {
  for (const file of ['/etc/resolv.conf', '/etc/hosts']) {
    if (existsSync(file)) writeFileSync(join(folder, file), readFileSync(file));
  }
  const ca = process.env.NODE_EXTRA_CA_CERTS;
  if (ca !== undefined && existsSync(ca)) cpSync(ca, join(folder, HOST_CA));
  const passed = Object.entries(process.env).filter(([name]) => /^(npm_config_|https?_proxy$|no_proxy$)/i.test(name));
  return {
    ...Object.fromEntries(passed),
    ...(existsSync(join(folder, HOST_CA)) ? { NODE_EXTRA_CA_CERTS: HOST_CA, npm_config_cafile: HOST_CA } : {}),
  };
}

/** Carries out one stage. @returns what its image would be */
function build(stage, base, done) {
  const folder = join(work, stage.name ?? 'image');
  rmSync(folder, { recursive: true, force: true });
  run('cp', ['-a', '--reflink=auto', base, folder]);
  const lent = lendNetwork(folder);
  const image = { folder, env: { PATH }, workdir: '/', user: '0:0', entrypoint: [], command: [] };
  // Some packages look into /proc while they are installed.
  run('mount', ['-t', 'proc', 'proc', join(folder, 'proc')]);
  try {
    for (const step of stage.steps) {
      say(`${stage.name ?? 'image'}: ${step.instruction} ${step.words.slice(0, 100)}`);
      carryOut(step, image, lent, done);
    }
  } finally {
    run('umount', [join(folder, 'proc')]);
  }
  rmSync(join(folder, HOST_CA), { force: true });
  return image;
}

function carryOut({ instruction, words, line }, image, lent, done) {
  if (instruction === 'RUN') {
    const shell = `cd ${image.workdir} && ${words}`;
    run('chroot', [`--userspec=${image.user}`, image.folder, '/bin/sh', '-c', shell], {
      env: { ...image.env, ...lent, HOME: '/root' },
    });
  } else if (instruction === 'COPY') copy(words.split(/\s+/), image, done);
  else if (instruction === 'WORKDIR') {
    image.workdir = words;
    mkdirSync(join(image.folder, words), { recursive: true });
  } else if (instruction === 'ENV') {
    for (const pair of words.split(/\s+/))
      image.env[pair.slice(0, pair.indexOf('='))] = pair.slice(pair.indexOf('=') + 1);
  } else if (instruction === 'USER') image.user = words;
  else if (instruction === 'ENTRYPOINT') image.entrypoint = JSON.parse(words);
  else if (instruction === 'CMD') image.command = JSON.parse(words);
  else if (instruction !== 'EXPOSE') throw new Error(`Dockerfile:${line}: ${instruction} cannot be rehearsed`);
}

function copy(words, image, done) {
  const from = /^--from=(.+)$/.exec(words[0] ?? '')?.[1];
  const [source = '', target = ''] = words.slice(from === undefined ? 0 : 1);
  const to = join(image.folder, target.startsWith('/') ? target : join(image.workdir, target));
  mkdirSync(to, { recursive: true });
  if (from !== undefined) return run('cp', ['-a', `${join(done[from].folder, source)}/.`, to]);
  const isIgnored = ignored(readFileSync(join(root, '.dockerignore'), 'utf8'));
  cpSync(join(root, source), to, { recursive: true, filter: (path) => !isIgnored(relative(root, path)) });
}

/** Starts a service as the image would. @returns when it has served, and ended in order at SIGTERM */
async function startService(service, image) {
  const env = {
    ...image.env,
    HTTP_PORT: '0',
    HTTP_HOST: '127.0.0.1',
    DATABASE_URL: 'sqlite:/tmp/tranche/tranche.db',
    LOG_FORMAT: 'json',
  };
  const words = [...image.entrypoint, `services/${service}`];
  const shell = `cd ${image.workdir} && exec ${words.join(' ')}`;
  const child = spawn('chroot', [`--userspec=${image.user}`, image.folder, '/bin/sh', '-c', shell], { env });
  let output = '';
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const serving = new Promise((resolve) => {
    const read = (data) => {
      output += data;
      if (output.includes('"msg":"serving"')) resolve('serving');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  const late = new Promise((resolve) => setTimeout(() => resolve('late'), START_TIMEOUT_MS).unref());
  const first = await Promise.race([serving, ended.then((how) => `ended with ${how}`), late]);
  if (first === 'serving') child.kill('SIGTERM');
  else child.kill('SIGKILL');
  const how = await ended;
  if (first !== 'serving' || how !== 0) throw new Error(`${service} ${first}, ended with ${how}\n${output}`);
  say(`${service} has served as ${image.user} and ended in order`);
}

try {
  const base = baseFolder();
  const { stages } = readDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'), { BASE: 'base' });
  const done = {};
  let image;
  for (const stage of stages) {
    image = build(stage, base, done);
    if (stage.name !== undefined) done[stage.name] = image;
  }
  mkdirSync(join(image.folder, 'tmp'), { recursive: true, mode: 0o1777 });
  for (const service of SERVICES) await startService(service, image);
  const size = spawnSync('du', ['-sm', image.folder], { encoding: 'utf8' }).stdout.split('\t')[0];
  say(`done: ${size} MB, base included`);
} catch (error) {
  console.error(`image: ${error.message}`);
  process.exitCode = 1;
} finally {
  if (!flags.keep && flags.work === undefined) rmSync(work, { recursive: true, force: true });
  else say(`kept in ${work}`);
}
