import { runCli } from './cli.js';
import { processIo } from './process-io.js';

// A reader that has seen enough (`tranche ps | head -1`) closes the pipe: no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), processIo());
