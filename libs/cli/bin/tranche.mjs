#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const { spawn } = await import('node:child_process');
const { existsSync } = await import('node:fs');
const { enableCompileCache } = await import('node:module');
const { fileURLToPath } = await import('node:url');

const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const main = pathOf('../dist/main.js');
const ownNode = pathOf('../../../node_modules/.bin/node');

if (major < 22 || (major === 22 && minor < 22)) {
  if (existsSync(ownNode)) runWith(ownNode);
  else fail(`tranche needs Node 22.22 or newer, this is ${process.versions.node}`, 'npm install brings one along');
} else if (existsSync(main)) {
  enableCompileCache?.();
  await import('../dist/main.js');
} else {
  fail('tranche has not been built', 'try: npm run build');
}

/** The same command with another Node. Signals of the terminal reach it by themselves; we only must not die of them. */
function runWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(message, hint) {
  process.stderr.write(`error: ${message}\n  ${hint}\n`);
  process.exitCode = 125;
}
