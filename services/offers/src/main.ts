import { hostFor } from '@tranche/messaging';
import { readOffersConfig } from './offers.config.js';
import { startOffers } from './start-offers.js';

const result = readOffersConfig();
if (result.kind === 'stop') {
  (result.exitCode === 0 ? process.stdout : process.stderr).write(`${result.text}\n`);
  process.exitCode = result.exitCode;
} else {
  const { config } = result;
  const host = hostFor({ service: 'offers', ...config });
  const running = await startOffers({ config, host });
  await running.app.listen(config.httpPort, config.httpHost);
  host.logger.info('listening', { host: config.httpHost, port: config.httpPort });
  const stop = (): void => void running.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
}
