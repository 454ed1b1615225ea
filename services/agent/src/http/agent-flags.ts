import type { AgentConfig } from '../agent.config.js';
import type { AgentSelf } from '../agent-self.js';
import { durationText } from '../executors/container/duration-text.js';

/** Settings that Mesos has too, under its names and in its spelling; only those that hold here. */
export function agentFlags(config: AgentConfig, self: AgentSelf): Record<string, string> {
  return {
    attributes: config.attributes,
    ...(config.authFirewallRules === '' ? {} : { firewall_rules: config.authFirewallRules }),
    authenticate_http_readonly: String(config.authReadonly && config.authCredentials !== ''),
    authenticate_http_readwrite: String(config.authReadwrite && config.authCredentials !== ''),
    cgroups_enable_cfs: String(config.enforceCpuRequest),
    container_disk_watch_interval: `${config.containerDiskWatchIntervalMs}ms`,
    containerizers: 'mesos',
    default_role: '*',
    executor_registration_timeout: durationText(config.executorRegistrationTimeoutMs),
    executor_reregistration_timeout: durationText(config.executorReregistrationTimeoutMs),
    disk_watch_interval: `${config.diskWatchIntervalMs}ms`,
    enforce_container_disk_quota: String(config.enforceContainerDiskQuota),
    executor_shutdown_grace_period: durationText(config.executorShutdownGracePeriodMs),
    ...(config.logFile === undefined ? {} : { external_log_file: config.logFile }),
    fetcher_cache_size: `${config.fetcherCacheSizeMb}MB`,
    fetcher_stall_timeout: `${config.fetcherStallTimeoutMs}ms`,
    ...(config.frameworksHome === undefined ? {} : { frameworks_home: config.frameworksHome }),
    gc_delay: `${config.gcDelayMs}ms`,
    gc_disk_headroom: String(config.gcDiskHeadroomPercent / 100),
    hostname: self.hostname,
    ip: self.ip,
    isolation: config.isolation,
    max_completed_executors_per_framework: String(config.maxCompletedExecutors),
    port: String(self.port),
    recover: config.recover,
    recovery_timeout: durationText(config.recoveryTimeoutMs),
    registration_backoff_factor: `${config.registrationBackoffMs}ms`,
    resources: config.resources,
    switch_user: String(config.switchUser),
    work_dir: config.workDir,
  };
}
