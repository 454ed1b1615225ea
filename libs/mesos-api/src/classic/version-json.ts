import type { VersionInfo } from '../generated/mesos.js';
import { jsonDouble } from '../codec/json-double.js';
import { jsonString } from '../codec/json-encode.js';
import type { Member } from './json-text.js';
import { objectOf, optionalString } from './json-text.js';

/** What a process was built from. */
export interface ClassicVersion {
  readonly version: string;
  /** `2026-11-22 11:00:00 UTC` */
  readonly buildDate: string;
  /** Seconds since the epoch. */
  readonly buildTimeSeconds: number;
  readonly buildUser: string;
  readonly gitSha?: string;
  readonly gitBranch?: string;
  readonly gitTag?: string;
}

/** Body of `/version`: keys in alphabetical order. */
export function versionJson(version: ClassicVersion): string {
  return objectOf([
    ...buildMembers(version),
    ['git_branch', optionalString(version.gitBranch)],
    ['git_sha', optionalString(version.gitSha)],
    ['git_tag', optionalString(version.gitTag)],
    ['version', jsonString(version.version)],
  ]);
}

/** The same at the head of `/state`, in another order. */
export function versionMembers(version: ClassicVersion): Member[] {
  return [
    ['version', jsonString(version.version)],
    ['git_sha', optionalString(version.gitSha)],
    ['git_branch', optionalString(version.gitBranch)],
    ['git_tag', optionalString(version.gitTag)],
    ...buildMembers(version),
  ];
}

function buildMembers(version: ClassicVersion): Member[] {
  return [
    ['build_date', jsonString(version.buildDate)],
    ['build_time', jsonDouble(version.buildTimeSeconds)],
    ['build_user', jsonString(version.buildUser)],
  ];
}

/** The same as the answer to GET_VERSION. */
export function versionInfo(version: ClassicVersion): VersionInfo {
  const { gitSha, gitBranch, gitTag } = version;
  return {
    version: version.version,
    build_date: version.buildDate,
    build_time: version.buildTimeSeconds,
    build_user: version.buildUser,
    ...(gitSha === undefined ? {} : { git_sha: gitSha }),
    ...(gitBranch === undefined ? {} : { git_branch: gitBranch }),
    ...(gitTag === undefined ? {} : { git_tag: gitTag }),
  };
}
