import type { FrameworkView } from '@tranche/contracts';
import { capabilitiesOf, isTerminalState } from '@tranche/mesos-api';
import type { ClusterState } from '../cluster-state.js';
import { failoverTimeoutMs, type Framework } from '../frameworks/framework.js';
import { amountsOf } from './resource-amounts.js';
import { isoTime } from './view-parts.js';

/** A framework as `/v1/frameworks` shows it. */
export function frameworkView(state: ClusterState, framework: Framework): FrameworkView {
  const { frameworkId, record, lastOfferAtMs } = framework;
  const { info, reregisteredAtMs, unregisteredAtMs, failoverDeadlineMs, disconnectedReason, removedReason } = record;
  const offers = state.offers.ofFramework(frameworkId);
  const present = [...state.tasks.ofFramework(frameworkId)];
  return {
    id: frameworkId,
    name: info.name,
    user: info.user,
    ...(info.principal === undefined ? {} : { principal: info.principal }),
    ...(info.hostname === undefined ? {} : { hostname: info.hostname }),
    state: record.state,
    active: record.active,
    roles: record.roles,
    suppressedRoles: record.suppressedRoles,
    capabilities: [...capabilitiesOf(info)],
    failoverTimeoutMs: failoverTimeoutMs(info),
    ...(failoverDeadlineMs === undefined ? {} : { failoverDeadline: isoTime(failoverDeadlineMs) }),
    ...(disconnectedReason === undefined ? {} : { disconnectedReason }),
    tasks: taskCounts(state, framework),
    offers: offers.length,
    used: amountsOf(present.flatMap(({ held, heldForExecutor }) => [...held, ...heldForExecutor])),
    offered: amountsOf(offers.flatMap(({ held }) => held)),
    ...(lastOfferAtMs === undefined ? {} : { lastOfferAt: isoTime(lastOfferAtMs) }),
    registeredAt: isoTime(record.registeredAtMs),
    ...(reregisteredAtMs === undefined ? {} : { reregisteredAt: isoTime(reregisteredAtMs) }),
    ...(unregisteredAtMs === undefined ? {} : { unregisteredAt: isoTime(unregisteredAtMs) }),
    ...(removedReason === undefined ? {} : { removedReason }),
  };
}

function taskCounts(state: ClusterState, { frameworkId }: Framework): FrameworkView['tasks'] {
  const counts = { staging: 0, running: 0, ended: [...state.tasks.completedOf(frameworkId)].length };
  for (const { record } of state.tasks.ofFramework(frameworkId)) {
    if (isTerminalState(record.state)) counts.ended++;
    else if (record.state === 'TASK_STAGING' || record.state === 'TASK_STARTING') counts.staging++;
    else counts.running++;
  }
  return counts;
}
