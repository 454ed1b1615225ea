import { checkNode } from '@tranche/config';
import { createLogger } from '@tranche/telemetry';
import { openProxy, serveProxy } from './proxy.js';
import { readRouterConfig } from './router.config.js';

// The program `node libs/local/dist/processes/router.js`: one address for separately deployed services.
checkNode(process.versions.node);
const started = readRouterConfig();
if (started.kind === 'stop') {
  (started.exitCode === 0 ? process.stdout : process.stderr).write(`${started.text}\n`);
  process.exit(started.exitCode);
}
const { config } = started;
const logger = createLogger({ service: 'router', level: config.logLevel, format: config.logFormat });
const router = await openProxy((service) => config[service]);
// Its own health, whatever the services are.
router.get('/healthz', () => ({ status: 'ok' }));
const at = { host: config.httpHost, port: config.httpPort };
const { url: address, close } = await serveProxy(router, at, { tls: config, logger });
logger.info('serving', { address });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void close().then(() => process.exit(0));
  });
}
