import { hostFor } from '@tranche/messaging';
import { readQuotaConfig } from './quota.config.js';
import { startQuota } from './start-quota.js';

const started = readQuotaConfig();
if (started.kind === 'stop') {
  (started.exitCode === 0 ? process.stdout : process.stderr).write(`${started.text}\n`);
  process.exit(started.exitCode);
}
const { config } = started;
const host = hostFor({ service: 'quota', ...config });
const quota = await startQuota({ config, host });
await quota.app.listen({ host: config.httpHost, port: config.httpPort });
host.logger.info('serving', { address: await quota.app.getUrl() });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    quota.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        host.logger.error('stopped with an error', { error });
        process.exit(1);
      },
    );
  });
}
