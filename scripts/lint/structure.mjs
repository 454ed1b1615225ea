// Checks what oxlint cannot: where code may live, what it may import, how large files and folders may grow (docs/contributing.md).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVICES = ['registry', 'allocator', 'offers', 'quota', 'agent'];
const TOP_LEVEL = new Set(['services', 'libs', 'helm', 'test', 'docs', 'examples', 'scripts']);
const MAX_FILE_LINES = 300;
const MAX_FILE_LINES_WITH_REASON = 500;
const MAX_FOLDER_FILES = 20;
const FRAMEWORKS = /^(@nestjs\/|typeorm|amqplib|@opentelemetry\/|fastify$|prom-client|pino)/;
const FORBIDDEN_FOLDERS = /(^|\/)(utils?|common|shared|helpers?)\//;

/** Suffixes of files at the edge of a service: these may know frameworks, clocks and the process. */
const EDGE =
  /(^|\/)(main|app\.module|index|start-[a-z-]+|system\.[a-z]+)\.ts$|\.(module|consumer|controller|typeorm|schema|fs|http|config|filter|guard|process|system|node)\.ts$|\/migrations\//;
const TEST = /^test\/|\.(spec|e2e-spec|conformance|bench|fakes?|memory)\.ts$|\/(fakes?|fake-[a-z-]+)(\.ts|\/)/;
const PURE_LIBS = /^libs\/(resources|allocation|mesos-api)\/src\//;

/**
 * @typedef {{ path: string, text: string }} SourceFile
 * @param {SourceFile[]} files
 * @returns {string[]} findings, each with path, rule and what to do instead
 */
export function findStructureFaults(files) {
  return [...files.flatMap(fileFaults), ...folderFaults(files.map((file) => file.path)), ...cycleFaults(files)];
}

function fileFaults({ path, text }) {
  if (!path.endsWith('.ts') || path.includes('/generated/')) return [];
  const faults = [];
  const report = (line, message) => faults.push(`${path}${line ? `:${line}` : ''}: ${message}`);
  if (FORBIDDEN_FOLDERS.test(path))
    report(0, 'no utils, common, shared or helpers: put the code beside its user, or give it a subject');
  const lines = text.split('\n').length - 1;
  const limit = (TEST.test(path) ? 2 : 1) * (/^\/\/ size: /m.test(text) ? MAX_FILE_LINES_WITH_REASON : MAX_FILE_LINES);
  if (lines > limit)
    report(
      0,
      `${lines} lines, at most ${limit}: split by concept, or state the reason in a line "// size: …" (then 500)`,
    );
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  for (const { specifier, node, isTypeOnly } of importsOf(source))
    checkImport(path, specifier, isTypeOnly, (message) => report(lineOf(node), message));
  checkCalls(path, source, (node, message) => report(lineOf(node), message));
  return faults;
}

function importsOf(source) {
  const found = [];
  const visit = (node) => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const isTypeOnly = ts.isImportDeclaration(node) ? node.importClause?.isTypeOnly === true : node.isTypeOnly;
      found.push({ specifier: node.moduleSpecifier.text, node, isTypeOnly });
      if (ts.isExportDeclaration(node) && !node.exportClause)
        found.push({ specifier: 'export *', node, isTypeOnly: false });
    } else if (
      ts.isCallExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ImportKeyword &&
      ts.isStringLiteralLike(node.arguments[0])
    ) {
      found.push({ specifier: node.arguments[0].text, node, isTypeOnly: false });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function checkImport(path, specifier, isTypeOnly, report) {
  if (specifier === 'export *') return report('no export *: name what is exported, or nobody knows where a name lives');
  const ours = /^@tranche\/([a-z-]+)(\/.*)?$/.exec(specifier);
  if (ours?.[2]) report(`deep import ${specifier}: import the lib by its name and export what you need from its index`);
  const [, folder, unit] = path.split('/').length > 2 ? ['', ...path.split('/')] : [];
  if (
    ours &&
    SERVICES.includes(ours[1]) &&
    !path.startsWith('libs/local/') &&
    !path.startsWith('test/') &&
    ours[1] !== unit
  ) {
    report(`imports service ${ours[1]}: services talk by messages of libs/contracts only`);
  }
  if (specifier.startsWith('.') && folder && !path.startsWith('test/') && escapes(path, specifier))
    report(`${specifier} leaves the package: import the lib by its name`);
  if (isPure(path) && FRAMEWORKS.test(specifier) && !isTypeOnly) {
    report(
      `pure code imports ${specifier}: put the adapter into a file at the edge (*.consumer.ts, *.controller.ts, *.typeorm.ts …)`,
    );
  }
}

const escapes = (path, specifier) => {
  const target = join(dirname(path), specifier);
  return target.split('/').slice(0, 2).join('/') !== path.split('/').slice(0, 2).join('/');
};

/** Pure libs, and the files of services that are no edge. */
const isPure = (path) =>
  !TEST.test(path) &&
  !EDGE.test(path) &&
  (PURE_LIBS.test(path) ||
    /^services\/(registry|allocator|offers|quota)\/src\//.test(path) ||
    /^services\/agent\/src\/(tasks|registration)\//.test(path));

const FORBIDDEN_CALLS = [
  { name: 'Date.now', instead: 'take nowMs as an argument, or a Clock port' },
  { name: 'Math.random', instead: 'take the random source as an argument' },
  { name: 'process.env', instead: 'read it in <service>.config.ts' },
];

function checkCalls(path, source, report) {
  if (TEST.test(path)) return;
  const pure = isPure(path);
  const visit = (node) => {
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText();
      const rule = FORBIDDEN_CALLS.find(({ name }) => name === text);
      const everywhere =
        rule?.name === 'process.env' &&
        /^(services|libs)\//.test(path) &&
        !/\.config\.ts$|^libs\/(local|cli)\/src\/(main|.*\.config)\.ts$/.test(path);
      if (rule && (everywhere || (pure && rule.name !== 'process.env')))
        report(node, `${rule.name} here: ${rule.instead}`);
    }
    if (
      pure &&
      ts.isNewExpression(node) &&
      node.expression.getText() === 'Date' &&
      (node.arguments?.length ?? 0) === 0
    ) {
      report(node, 'new Date() in pure code: take nowMs as an argument');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function folderFaults(paths) {
  const counts = new Map();
  for (const path of paths) {
    const top = path.split('/')[0];
    if (path.includes('/') && !top.startsWith('.') && !TOP_LEVEL.has(top)) counts.set(top, Number.NaN);
    if (path.endsWith('.ts') && /\/src\//.test(path) && !TEST.test(path) && !path.includes('/generated/')) {
      counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    }
  }
  return [...counts].flatMap(([folder, count]) => {
    if (Number.isNaN(count))
      return [`${folder}: a new top-level name needs a decision record and an entry in scripts/lint/structure.mjs`];
    return count > MAX_FOLDER_FILES
      ? [`${folder}: ${count} source files, at most ${MAX_FOLDER_FILES}: divide by concept`]
      : [];
  });
}

/** Import cycles between files of one package; types do not count, they are gone at run time. */
function cycleFaults(files) {
  const known = new Set(files.map((file) => file.path));
  const edges = new Map();
  for (const { path, text } of files) {
    if (!path.endsWith('.ts')) continue;
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const targets = importsOf(source)
      .filter((found) => found.specifier.startsWith('.') && !found.isTypeOnly && !onlyTypes(found.node))
      .map((found) => join(dirname(path), found.specifier).replace(/\.js$/, '.ts'))
      .filter((target) => known.has(target));
    edges.set(path, targets);
  }
  const state = new Map();
  const faults = [];
  const visit = (path, trail) => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      faults.push(
        `import cycle: ${[...trail.slice(trail.indexOf(path)), path].map((p) => basename(p)).join(' → ')} (${path})`,
      );
      return;
    }
    state.set(path, 'open');
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of edges.keys()) visit(path, []);
  return faults;
}

const onlyTypes = (node) => {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
  return (
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    !node.importClause.name &&
    bindings.elements.every((e) => e.isTypeOnly)
  );
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const paths = tracked.split('\n').filter((path) => /\.(ts|mjs|json|md)$/.test(path));
  const files = paths.flatMap((path) => {
    try {
      return [{ path, text: path.endsWith('.ts') ? readFileSync(join(root, path), 'utf8') : '' }];
    } catch {
      return [];
    }
  });
  const faults = findStructureFaults(files);
  for (const fault of faults) console.error(fault);
  console.log(`structure: ${files.length} files, ${faults.length} faults`);
  process.exit(faults.length > 0 ? 1 : 0);
}
