export { ACL_ACTION_NAMES, ACL_ACTIONS, type AclActionName } from './acls/acl-actions.js';
export { type AclScope, type Authorizer, authorizerOf, mayEverything, OPEN_AUTHORIZER } from './acls/authorizer.js';
export { parseAcls } from './acls/parse-acls.js';
export { authOptions, type AuthSettings, type Credential, parseCredentials } from './auth-options.js';
export { brokerOptions } from './broker-options.js';
export { checkNode } from './check-node.js';
export { ConfigError, type ConfigMistake } from './config.errors.js';
export { describeConfig, type Setting, settingsOf } from './describe-config.js';
export { type ConfigSources, configWith, type LoadedConfig, loadConfig } from './load-config.js';
export { parseFirewallRules } from './firewall-rules.js';
export { nearest } from './nearest.js';
export {
  booleanOption,
  choiceOption,
  type ConfigDefinition,
  type ConfigOf,
  integerOption,
  type Option,
  optionalTextOption,
  textOption,
} from './option.js';
export { type ProcessInput, readServiceConfig, type ServiceConfigResult, type Started } from './read-service-config.js';
export { readTlsFiles, type TlsFileContents, type TlsFileNames, type TlsReading } from './tls/read-tls-files.js';
export { tlsOptions, type TlsSettings } from './tls/tls-options.js';
export {
  clusterDomainOptions,
  clusterIdOptions,
  type DomainOption,
  databaseOptions,
  listenOptions,
  parseDomain,
  processOptions,
  publicUrlOptions,
} from './service-options.js';
