import { jsonDouble } from '../codec/json-double.js';
import { encodeJson, jsonString } from '../codec/json-encode.js';
import { messageTypes } from '../codec/message-type.js';
import type { DomainInfo } from '../generated/mesos.js';
import type { Member } from './json-text.js';
import { arrayOf, objectOf, optionalDouble, optionalString, stringArray } from './json-text.js';
import type { ClassicVersion } from './version-json.js';
import { versionMembers } from './version-json.js';

/** Who leads: what `leader_info` says of it. */
export interface ClassicLeader {
  readonly id: string;
  /** `master@10.0.0.1:5050`: host and port of the public address. */
  readonly pid: string;
  readonly port: number;
  readonly hostname: string;
  readonly domain?: DomainInfo;
}

/** What only those who may view the flags get to see. */
export interface ClassicFlags {
  readonly cluster?: string;
  readonly logDir?: string;
  readonly externalLogFile?: string;
  /** Name → value as text. */
  readonly flags: Readonly<Record<string, string>>;
}

/** The head of the master's `/state`. */
export interface ClassicMasterState {
  readonly version: ClassicVersion;
  /** Seconds since the epoch. */
  readonly startTimeSeconds: number;
  readonly electedTimeSeconds?: number;
  readonly id: string;
  readonly pid: string;
  readonly hostname: string;
  /** `AGENT_UPDATE`, … */
  readonly capabilities: readonly string[];
  readonly activatedAgents: number;
  /** Registered but not active: disconnected or deactivated. */
  readonly deactivatedAgents: number;
  readonly unreachableAgents: number;
  readonly domain?: DomainInfo;
  readonly leader?: ClassicLeader;
  /** Absent for a caller who may not view them. */
  readonly visible?: ClassicFlags;
}

/** The lists of the master's `/state`, as JSON texts of their items (`agentJson`, `frameworkJson`). */
export interface MasterStateLists {
  readonly agents: Iterable<string>;
  readonly recoveredAgents: Iterable<string>;
  readonly frameworks: Iterable<string>;
  readonly completedFrameworks: Iterable<string>;
}

/** Body of the master's `/state`. */
export function masterStateJson(state: ClassicMasterState, lists: MasterStateLists): string {
  return objectOf([
    ...versionMembers(state.version),
    ['start_time', jsonDouble(state.startTimeSeconds)],
    ['elected_time', optionalDouble(state.electedTimeSeconds)],
    ['id', jsonString(state.id)],
    ['pid', jsonString(state.pid)],
    ['hostname', jsonString(state.hostname)],
    ['capabilities', stringArray(state.capabilities)],
    ['activated_slaves', jsonDouble(state.activatedAgents)],
    ['deactivated_slaves', jsonDouble(state.deactivatedAgents)],
    ['unreachable_slaves', jsonDouble(state.unreachableAgents)],
    ['domain', domainJson(state.domain)],
    ['leader', optionalString(state.leader?.pid)],
    ['leader_info', state.leader && leaderJson(state.leader)],
    ['cluster', optionalString(state.visible?.cluster)],
    ...flagMembers(state.visible),
    ['slaves', arrayOf(lists.agents)],
    ['recovered_slaves', arrayOf(lists.recoveredAgents)],
    ['frameworks', arrayOf(lists.frameworks)],
    ['completed_frameworks', arrayOf(lists.completedFrameworks)],
    ['orphan_tasks', '[]'],
    ['unregistered_frameworks', '[]'],
  ]);
}

/** `{"name":"value",…}` in alphabetical order, as in `/flags` and `/state`. */
export function flagsJson(flags: Readonly<Record<string, string>>): string {
  const names = Object.keys(flags).toSorted();
  return objectOf(names.map((name): Member => [name, jsonString(flags[name] ?? '')]));
}

/** Where the log is, and the flags; nothing for a caller who may not view them. */
export function flagMembers(visible: ClassicFlags | undefined): Member[] {
  return [
    ['log_dir', optionalString(visible?.logDir)],
    ['external_log_file', optionalString(visible?.externalLogFile)],
    ['flags', visible && flagsJson(visible.flags)],
  ];
}

function domainJson(domain: DomainInfo | undefined): string | undefined {
  return domain && encodeJson(messageTypes.DomainInfo, domain);
}

function leaderJson(leader: ClassicLeader): string {
  return objectOf([
    ['id', jsonString(leader.id)],
    ['pid', jsonString(leader.pid)],
    ['port', String(leader.port)],
    ['hostname', jsonString(leader.hostname)],
    ['domain', domainJson(leader.domain)],
  ]);
}
