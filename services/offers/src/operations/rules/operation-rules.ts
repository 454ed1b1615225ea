import type { OfferOperation, OfferOperationType } from '@tranche/mesos-api';
import { agentPid } from '@tranche/contracts';
import type { Agent } from '../../agents/agent.js';
import { createRule } from './create.rule.js';
import { destroyRule } from './destroy.rule.js';
import { createDiskRule, destroyDiskRule } from './disk.rules.js';
import type { OperationRule, OperationScene } from './operation-rule.js';
import { reserveRule } from './reserve.rule.js';
import { growVolumeRule, shrinkVolumeRule } from './resize-volume.rules.js';
import { unreserveRule } from './unreserve.rule.js';

/** What launches nothing and is no accident of a newer protocol. */
export type ResourceOperationType = Exclude<OfferOperationType, 'UNKNOWN' | 'LAUNCH' | 'LAUNCH_GROUP'>;

const RULES: Readonly<Record<ResourceOperationType, OperationRule>> = {
  RESERVE: reserveRule,
  UNRESERVE: unreserveRule,
  CREATE: createRule,
  DESTROY: destroyRule,
  GROW_VOLUME: growVolumeRule,
  SHRINK_VOLUME: shrinkVolumeRule,
  CREATE_DISK: createDiskRule,
  DESTROY_DISK: destroyDiskRule,
};

/** Whether it changes resources rather than launches something. */
export const isResourceOperation = (type: OfferOperationType | undefined): type is ResourceOperationType =>
  type !== undefined && Object.hasOwn(RULES, type);

/** Why an operation cannot be done, in Mesos' words; undefined when it may. */
export function operationError(operation: OfferOperation, scene: OperationScene): string | undefined {
  if (!isResourceOperation(operation.type)) return undefined;
  const { agent } = scene;
  const isOfDisks = operation.type === 'CREATE_DISK' || operation.type === 'DESTROY_DISK';
  if (isOfDisks && !agent.capabilities.has('RESOURCE_PROVIDER')) {
    return `Not supported on agent ${printAgent(agent)} because it does not have RESOURCE_PROVIDER capability`;
  }
  const error = RULES[operation.type](operation, scene);
  return error === undefined ? undefined : `${error}; on agent ${printAgent(agent)}`;
}

/** Operations whose refusal does not name the agent to an operator. */
const WITHOUT_AGENT: ReadonlySet<OfferOperationType> = new Set<OfferOperationType>(['UNRESERVE', 'DESTROY']);

/** The same, as operators are told. @source operator API §2.2 */
export function operatorsError(operation: OfferOperation, scene: OperationScene): string | undefined {
  const { type } = operation;
  if (!isResourceOperation(type)) return undefined;
  const error = RULES[type](operation, scene);
  if (error === undefined) return undefined;
  const where = WITHOUT_AGENT.has(type) ? '' : ` on agent ${printAgent(scene.agent)}`;
  return `Invalid ${type} operation${where}: ${error}`;
}

/** An agent in Mesos' printed form. */
const printAgent = ({ record }: Agent): string => `${record.agentId} at ${agentPid(record)} (${record.hostname})`;
