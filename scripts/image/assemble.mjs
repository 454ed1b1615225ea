// Puts together what the image holds, from a built tree: the code of libs and services without their tests, and the dependencies that
// running it takes. `node scripts/image/assemble.mjs FOLDER`
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkNode } from '../link-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** Only tests need these. */
const LEFT_OUT = new Set(['libs/test-servers']);
/** Files of a build that nobody runs. */
const UNUSED = /\.(spec|conformance|bench|fakes?)\.|\.d\.ts$|\.d\.ts\.map$|\.tsbuildinfo$/;

/** What a page of Swagger UI takes, and its licence; the rest are the same sources in other forms and their maps. */
const OF_SWAGGER_UI =
  /^(package\.json|LICENSE|NOTICE|swagger-ui\.css|swagger-ui-bundle\.js(\.LICENSE\.txt)?|favicon-32x32\.png)$/;

/**
 * @param {string} target an absolute path; what is there is replaced
 * @param {string | undefined} commit that it is built from
 */
export function assemble(target, commit) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(root, file), join(target, file));
  const packages = ['libs', 'services'].flatMap((kind) =>
    readdirSync(join(root, kind))
      .map((name) => join(kind, name))
      .filter((path) => existsSync(join(root, path, 'package.json'))),
  );
  // All of them: the lock file names each, and npm wants what it names.
  for (const path of packages) {
    mkdirSync(join(target, path), { recursive: true });
    cpSync(join(root, path, 'package.json'), join(target, path, 'package.json'));
  }
  install(target);
  trimSwaggerUi(join(target, 'node_modules/swagger-ui-dist'));
  for (const path of packages) {
    if (LEFT_OUT.has(path)) {
      const { name } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
      rmSync(join(target, path), { recursive: true });
      rmSync(join(target, 'node_modules', name), { force: true });
    } else copyBuild(path, target);
  }
  stampCommit(join(target, 'libs/http'), commit);
}

/**
 * Writes into a package's manifest what it was built from, where npm writes it as well: `gitHead`.
 *
 * @param {string} folder of the package
 * @param {string | undefined} commit nothing is written when it is not known
 */
export function stampCommit(folder, commit) {
  if (commit === undefined || commit === '' || commit === 'unknown') return;
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, `${JSON.stringify({ ...manifest, gitHead: commit }, undefined, 2)}\n`);
}

/** @param {string} folder of the package; files that no page asks for are removed from it */
export function trimSwaggerUi(folder) {
  for (const name of readdirSync(folder)) if (!OF_SWAGGER_UI.test(name)) rmSync(join(folder, name));
}

function install(target) {
  const args = [
    'ci',
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--prefer-offline',
  ];
  const result = spawnSync('npm', args, { cwd: target, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status !== 0) throw new Error(`npm ci for the image ended with ${result.status ?? result.error?.message}`);
  linkNode(target);
}

function copyBuild(path, target) {
  for (const part of ['dist', 'bin']) {
    const from = join(root, path, part);
    if (!existsSync(from)) {
      if (part === 'dist') throw new Error(`${path} has not been built: npm run build`);
      continue;
    }
    cpSync(from, join(target, path, part), {
      recursive: true,
      filter: (source) => !UNUSED.test(relative(from, source)),
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [target] = process.argv.slice(2);
  if (target === undefined) {
    console.error('usage: node scripts/image/assemble.mjs FOLDER');
    process.exit(2);
  }
  assemble(target, process.env.COMMIT);
}
