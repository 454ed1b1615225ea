import { type DomainOption, parseDomain } from '@tranche/config';
import type { ClassicLeader, ClassicVersion } from '@tranche/mesos-api';
import type { MasterHead } from '../documents/cluster-documents.js';
import type { RegistryConfig } from '../registry.config.js';
import { durationText } from '@tranche/http';

/** What the registry says of itself and of the cluster, fixed for its life. */
export interface ClusterInfo {
  readonly version: ClassicVersion;
  readonly clusterId: string;
  readonly startedAtMs: number;
  /** Of the public address. */
  readonly hostname: string;
  readonly port: number;
  /** `host:port` of the public address. */
  readonly authority: string;
  /** `master@host:port`. */
  readonly pid: string;
  readonly clusterName: string | undefined;
  /** Where the output of this process goes. */
  readonly logFile: string | undefined;
  /** Region and zone of the control plane. */
  readonly domain: DomainOption | undefined;
  /** In Mesos' names and spelling. */
  readonly flags: Readonly<Record<string, string>>;
}

/** What this control plane can do, in Mesos' names. */
export const CAPABILITIES = ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2'] as const;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** @throws TypeError when the public url is none */
export function clusterInfo(
  config: RegistryConfig,
  version: ClassicVersion,
  clusterId: string,
  startedAtMs: number,
): ClusterInfo {
  const url = new URL(config.publicUrl);
  const port = url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 80) : Number(url.port);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const authority = `${url.hostname}:${port}`;
  return {
    version,
    clusterId,
    startedAtMs,
    hostname,
    port,
    authority,
    pid: `master@${authority}`,
    clusterName: config.clusterName,
    logFile: config.logFile,
    domain: parseDomain(config.clusterDomain),
    flags: flagsOf(config, hostname, port),
  };
}

/** Settings that Mesos has too, under its names; only those that hold here. */
function flagsOf(config: RegistryConfig, hostname: string, port: number): Record<string, string> {
  return {
    agent_ping_timeout: durationText(config.agentPingTimeoutMs),
    ...(config.agentRemovalRate === undefined ? {} : { agent_removal_rate_limit: config.agentRemovalRate }),
    agent_reregister_timeout: durationText(config.agentReregisterTimeoutMs),
    allocator: 'hierarchical',
    authenticate_agents: 'false',
    authenticate_frameworks: 'false',
    ...authenticationFlags(config),
    ...(config.clusterName === undefined ? {} : { cluster: config.clusterName }),
    ...(config.clusterDomain === undefined ? {} : { domain: config.clusterDomain }),
    ...(config.logFile === undefined ? {} : { external_log_file: config.logFile }),
    framework_sorter: 'drf',
    hostname,
    max_agent_ping_timeouts: String(config.agentMaxPingTimeouts),
    max_completed_frameworks: String(config.maxCompletedFrameworks),
    max_completed_tasks_per_framework: String(config.maxCompletedTasksPerFramework),
    port: String(port),
    registry_max_agent_age: durationText(config.agentRetentionMs),
    role_sorter: 'drf',
  };
}

/** Nobody is asked where there are no credentials. */
function authenticationFlags(config: RegistryConfig): Record<string, string> {
  const { authAcls, authCredentials, authFirewallRules, authFrameworks, authReadonly, authReadwrite } = config;
  const isOn = (asked: boolean): string => String(asked && authCredentials !== '');
  return {
    authenticate_http_frameworks: isOn(authFrameworks),
    authenticate_http_readonly: isOn(authReadonly),
    authenticate_http_readwrite: isOn(authReadwrite),
    ...(authFirewallRules === '' ? {} : { firewall_rules: authFirewallRules }),
    ...(authAcls === '' ? {} : { acls: authAcls, authorizers: 'local' }),
    ...(authCredentials === '' ? {} : { http_authenticators: 'basic', http_framework_authenticators: 'basic' }),
  };
}

export const leaderOf = ({ clusterId, pid, port, hostname, domain }: ClusterInfo): ClassicLeader => ({
  id: clusterId,
  pid,
  port,
  hostname,
  ...(domain === undefined ? {} : { domain }),
});

/** What `/state` says of the control plane. */
export const masterHead = (info: ClusterInfo): MasterHead => ({
  version: info.version,
  startTimeSeconds: info.startedAtMs / 1000,
  electedTimeSeconds: info.startedAtMs / 1000,
  id: info.clusterId,
  pid: info.pid,
  hostname: info.hostname,
  capabilities: CAPABILITIES,
  ...(info.domain === undefined ? {} : { domain: info.domain }),
  leader: leaderOf(info),
  visible: {
    ...(info.clusterName === undefined ? {} : { cluster: info.clusterName }),
    ...(info.logFile === undefined ? {} : { externalLogFile: info.logFile }),
    flags: info.flags,
  },
});
