import { serveRun } from './run-urls.js';

/** Vitest's global set-up of the projects whose tests need real servers. They are started when a test first asks for one. */
export async function setup(): Promise<() => Promise<void>> {
  const run = await serveRun((line) => process.stderr.write(`test servers: ${line}\n`));
  return () => run.stop();
}
