export { type BrokerServer, callManagement } from './broker-server.js';
export type { DatabaseServer } from './database-server.js';
export { ImageBuilder } from './images/image-builder.js';
export { imagesMissing } from './images/images-missing.js';
export { type RegistryAuth, RegistryServer } from './images/registry-server.js';
export { NoServerError } from './plan-sources.js';
export {
  amqpUrl,
  brokerManagementUrl,
  brokerMissing,
  mysqlMissing,
  mysqlUrl,
  type TestDatabase,
  testDatabases,
} from './run-urls.js';
export { CertificateAuthority, type CertificateFiles } from './system/certificates.js';
export { freePorts } from './system/free-port.js';
export { startSystemMariaDb } from './system/mariadb.js';
export { startSystemRabbitMq } from './system/rabbitmq.js';
export type { ServerProcess } from './system/server-process.js';
export { readTestServersConfig, type TestServersConfig } from './test-servers.config.js';
export { TestServers } from './test-servers.js';
