import type { InverseOfferAnswerRecord } from '@tranche/contracts';
import {
  type AllocatorInverseOfferStatus,
  fromMs,
  type MachineID,
  type MaintenanceClusterStatus,
} from '@tranche/mesos-api';
import { machineKey, type Maintenance } from './maintenance.js';

/**
 * Which machines are about to be taken out of service, with what frameworks say to that, and which are out of it.
 *
 * @param answersOn the last answers of frameworks about the agents on a machine
 */
export function maintenanceStatus(
  { schedule, down }: Maintenance,
  answersOn: (machine: MachineID) => readonly InverseOfferAnswerRecord[],
): MaintenanceClusterStatus {
  const downKeys = new Set(down.map(machineKey));
  const draining = (schedule.windows ?? [])
    .flatMap(({ machine_ids = [] }) => machine_ids)
    .filter((id) => !downKeys.has(machineKey(id)));
  return {
    ...(draining.length === 0
      ? {}
      : { draining_machines: draining.map((id) => ({ id, ...statusesOf(answersOn(id)) })) }),
    ...(down.length === 0 ? {} : { down_machines: [...down] }),
  };
}

const statusesOf = (answers: readonly InverseOfferAnswerRecord[]): { statuses?: AllocatorInverseOfferStatus[] } =>
  answers.length === 0 ? {} : { statuses: answers.map(statusOf) };

const statusOf = ({ frameworkId, answer, atMs }: InverseOfferAnswerRecord): AllocatorInverseOfferStatus => ({
  status: answer === 'accepted' ? 'ACCEPT' : 'DECLINE',
  framework_id: { value: frameworkId },
  timestamp: fromMs(atMs),
});
