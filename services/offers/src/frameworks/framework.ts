import type { FrameworkRecord } from '@tranche/contracts';
import {
  capabilitiesOf,
  doubleToNumber,
  type FrameworkInfo,
  type FrameworkInfoCapabilityType,
  type SchedulerOfferConstraints as OfferConstraints,
  type SchedulerEvent,
} from '@tranche/mesos-api';
import type { CancelTimer } from '@tranche/telemetry';
import { OutgoingEvent, type SchedulerStream } from './scheduler-stream.port.js';

/** One framework: its record, and what cannot travel in a message. */
export interface Framework {
  readonly frameworkId: string;
  /** Replaced on every change, never changed in place: it may be in a message that has not left yet. */
  record: FrameworkRecord;
  /** Names of `record.info.capabilities`. */
  capabilities: ReadonlySet<FrameworkInfoCapabilityType>;
  stream?: SchedulerStream;
  lastOfferAtMs?: number;
  /** Stops the timer that would remove it at its failover deadline. */
  cancelRemoval?: CancelTimer;
}

/** What a scheduler says of itself when it subscribes or updates its framework. */
export interface FrameworkTerms {
  readonly info: FrameworkInfo;
  readonly suppressedRoles: readonly string[];
  readonly offerConstraints?: OfferConstraints;
}

export const frameworkOf = (record: FrameworkRecord): Framework => ({
  frameworkId: record.frameworkId,
  record,
  capabilities: capabilitiesOf(record.info),
});

/** How long a framework may stay away before it is removed. Negative counts as 0, as in Mesos. */
export const failoverTimeoutMs = (info: FrameworkInfo): number =>
  Math.max(0, doubleToNumber(info.failover_timeout ?? 0) * 1000);

export const isConnected = (framework: Framework): boolean => framework.record.state === 'connected';

/** Sends an event to the framework's stream; without one the event is dropped, as Mesos does. */
export function sendEvent(framework: Framework, event: SchedulerEvent): void {
  framework.stream?.send(new OutgoingEvent(event));
}
