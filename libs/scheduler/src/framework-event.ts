import type { InverseOffer, MasterInfo, Offer, OperationStatus, SchedulerEvent, TaskStatus } from '@tranche/mesos-api';

/** Why a subscription was lost. */
export const DISCONNECT_REASONS = [
  'connection-failed',
  'connection-closed',
  'heartbeats-missed',
  'unavailable',
  'malformed-stream',
] as const;
export type DisconnectReason = (typeof DISCONNECT_REASONS)[number];

/**
 * What a framework is told, in the order in which it happened. Events of a type that the SDK doesn't know are dropped, as the protocol
 * asks; heartbeats are the SDK's own affair.
 */
export type FrameworkEvent =
  | {
      type: 'subscribed';
      frameworkId: string;
      heartbeatIntervalMs: number;
      masterInfo: MasterInfo | undefined;
      /** True after a reconnect: offers from before are void, unacknowledged updates come again. */
      again: boolean;
    }
  | {
      type: 'disconnected';
      reason: DisconnectReason;
      detail: string;
      /** Time until the next attempt. */
      retryInMs: number;
    }
  | { type: 'offers'; offers: Offer[] }
  | { type: 'inverse-offers'; inverseOffers: InverseOffer[] }
  | { type: 'rescind'; offerId: string }
  | { type: 'rescind-inverse-offer'; inverseOfferId: string }
  | { type: 'update'; status: TaskStatus }
  | { type: 'operation-update'; status: OperationStatus }
  | { type: 'message'; agentId: string; executorId: string; data: Buffer }
  /** An agent was lost (only `agentId`), or a custom executor ended (`waitStatus` is raw: exit code × 256; -1 when unknown). */
  | { type: 'failure'; agentId: string | undefined; executorId: string | undefined; waitStatus: number | undefined };

/**
 * A stream record in the SDK's form.
 *
 * @returns undefined for heartbeats, for ERROR (which ends the subscription) and for what is not known
 */
export function toFrameworkEvent(event: SchedulerEvent): FrameworkEvent | undefined {
  const { offers, inverse_offers, rescind, rescind_inverse_offer, update, update_operation_status, message } = event;
  switch (event.type) {
    case 'OFFERS':
      return { type: 'offers', offers: offers?.offers ?? [] };
    case 'INVERSE_OFFERS':
      return { type: 'inverse-offers', inverseOffers: inverse_offers?.inverse_offers ?? [] };
    case 'RESCIND':
      return rescind && { type: 'rescind', offerId: rescind.offer_id.value };
    case 'RESCIND_INVERSE_OFFER':
      return (
        rescind_inverse_offer && {
          type: 'rescind-inverse-offer',
          inverseOfferId: rescind_inverse_offer.inverse_offer_id.value,
        }
      );
    case 'UPDATE':
      return update && { type: 'update', status: update.status };
    case 'UPDATE_OPERATION_STATUS':
      return update_operation_status && { type: 'operation-update', status: update_operation_status.status };
    case 'MESSAGE':
      return (
        message && {
          type: 'message',
          agentId: message.agent_id.value,
          executorId: message.executor_id.value,
          data: Buffer.from(message.data, 'base64'),
        }
      );
    case 'FAILURE':
      return toFailure(event);
    default:
      return undefined;
  }
}

function toFailure({ failure }: SchedulerEvent): FrameworkEvent {
  return {
    type: 'failure',
    agentId: failure?.agent_id?.value,
    executorId: failure?.executor_id?.value,
    waitStatus: failure?.status,
  };
}
