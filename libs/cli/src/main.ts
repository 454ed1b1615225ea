import { runCli } from './cli.js';
import { EXIT_CODES } from './exit-code.js';
import { processIo } from './process-io.js';

// A reader that has seen enough (`tranche ps | head -1`) closes the pipe: no failure of ours. A run kills its tasks first.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (isReaderGone) return;
  isReaderGone = true;
  if (process.listenerCount('SIGTERM') > 0) process.emit('SIGTERM');
  else process.exit(EXIT_CODES.done);
});
let isReaderGone = false;

process.exitCode = await runCli(process.argv.slice(2), processIo());
