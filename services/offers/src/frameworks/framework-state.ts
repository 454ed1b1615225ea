import type { FrameworkRecord } from '@tranche/contracts';
import { rolesOf } from '@tranche/mesos-api';
import { failoverTimeoutMs, type FrameworkTerms } from './framework.js';

/*
 * The life of a framework, one function a step. Each gives the next record and changes nothing else.
 *
 *   (new) ── subscribed ──► connected ◄── resubscribed ── disconnected, recovered
 *                               │ ▲
 *                               └─┴── disconnected (stream lost, deadline set) ── removed (deadline, teardown)
 *   (restart) ── recovered (deadline counts from now)
 */

/** A framework subscribes for the first time, or under an id that nobody here knows. */
export function subscribed(frameworkId: string, terms: FrameworkTerms, nowMs: number): FrameworkRecord {
  return {
    frameworkId,
    ...withTerms(frameworkId, terms),
    state: 'connected',
    active: true,
    registeredAtMs: nowMs,
  };
}

/**
 * A known framework subscribes again: everything it says replaces what was known, except user and checkpoint, which stay
 * as they were without an error (Mesos 1.11 behaviour).
 */
export function resubscribed(record: FrameworkRecord, terms: FrameworkTerms, nowMs: number): FrameworkRecord {
  const info = { ...terms.info, user: record.info.user };
  if (record.info.checkpoint === undefined) delete info.checkpoint;
  else info.checkpoint = record.info.checkpoint;
  return {
    frameworkId: record.frameworkId,
    ...withTerms(record.frameworkId, { ...terms, info }),
    state: 'connected',
    active: true,
    registeredAtMs: record.registeredAtMs,
    reregisteredAtMs: nowMs,
  };
}

/** UPDATE_FRAMEWORK: a full replacement, the connection untouched. */
export function updated(record: FrameworkRecord, terms: FrameworkTerms): FrameworkRecord {
  const { offerConstraints: _replaced, ...rest } = record;
  return { ...rest, ...withTerms(record.frameworkId, terms) };
}

/** Its stream is gone. Suppression stays, until the next subscription replaces it. */
export function disconnected(record: FrameworkRecord, reason: string, nowMs: number): FrameworkRecord {
  return {
    ...record,
    state: 'disconnected',
    active: false,
    disconnectedReason: reason,
    failoverDeadlineMs: nowMs + failoverTimeoutMs(record.info),
  };
}

/**
 * It was known before a restart of this service, or an agent reports its tasks.
 *
 * @param graceMs least time it has to come back: its stream was cut by us, not by it
 */
export function recovered(record: FrameworkRecord, nowMs: number, graceMs: number): FrameworkRecord {
  return {
    ...record,
    state: 'recovered',
    active: false,
    failoverDeadlineMs: nowMs + Math.max(failoverTimeoutMs(record.info), graceMs),
  };
}

/** It is over: torn down, or away for too long. */
export function removed(record: FrameworkRecord, reason: string, nowMs: number): FrameworkRecord {
  const { failoverDeadlineMs: _passed, ...rest } = record;
  return { ...rest, state: 'removed', active: false, unregisteredAtMs: nowMs, removedReason: reason };
}

function withTerms(
  frameworkId: string,
  { info, suppressedRoles, offerConstraints }: FrameworkTerms,
): Pick<FrameworkRecord, 'info' | 'roles' | 'suppressedRoles' | 'offerConstraints'> {
  return {
    info: { ...info, id: { value: frameworkId } },
    roles: [...new Set(rolesOf(info))],
    suppressedRoles: [...new Set(suppressedRoles)],
    ...(offerConstraints === undefined ? {} : { offerConstraints }),
  };
}
