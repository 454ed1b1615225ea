import { hostFor } from '@tranche/messaging';
import { readRegistryConfig } from './registry.config.js';
import { startRegistry } from './start-registry.js';

const started = readRegistryConfig();
if (started.kind === 'stop') {
  (started.exitCode === 0 ? process.stdout : process.stderr).write(`${started.text}\n`);
  process.exit(started.exitCode);
}
const { config } = started;
const host = hostFor({ service: 'registry', ...config });
const registry = await startRegistry({ config, host });
await registry.app.listen({ host: config.httpHost, port: config.httpPort });
host.logger.info('serving', { address: await registry.app.getUrl() });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    registry.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        host.logger.error('stopped with an error', { error });
        process.exit(1);
      },
    );
  });
}
