import { hostFor } from '@tranche/messaging';
import { readAllocatorConfig } from './allocator.config.js';
import { startAllocator } from './start-allocator.js';

const started = readAllocatorConfig();
if (started.kind === 'stop') {
  (started.exitCode === 0 ? process.stdout : process.stderr).write(`${started.text}\n`);
  process.exit(started.exitCode);
}
const { config } = started;
const host = hostFor({ service: 'allocator', ...config });
const allocator = await startAllocator({ config, host });
await allocator.app.listen({ host: config.httpHost, port: config.httpPort });
host.logger.info('serving', { address: await allocator.app.getUrl() });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    allocator.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        host.logger.error('stopped with an error', { error });
        process.exit(1);
      },
    );
  });
}
