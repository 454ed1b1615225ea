// An executor that speaks JSON. Argument: `ignore-shutdown` makes it deaf to SHUTDOWN and SIGTERM.
import { runExecutor } from './executor.mjs';

const ignoresShutdown = process.argv.includes('ignore-shutdown');
if (ignoresShutdown) process.on('SIGTERM', () => undefined);

runExecutor(
  {
    type: 'application/json',
    encode: (call) => Buffer.from(JSON.stringify(call)),
    decode: (record) => JSON.parse(record.toString()),
  },
  { ignoresShutdown },
);
