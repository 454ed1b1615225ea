import type { ApiRefusal, SchedulerCall, SchedulerCallUpdateFramework } from '@tranche/mesos-api';
import { reviveRoles, suppressRoles } from '../frameworks/change-roles.js';
import type { Framework, FrameworkTerms } from '../frameworks/framework.js';
import { removeFramework } from '../frameworks/remove-framework.js';
import { updateFramework } from '../frameworks/update-framework.js';
import { messageExecutor, shutdownExecutor } from '../executors/reach-executor.js';
import { answerInverseOffers } from '../inverse-offers/end-inverse-offer.js';
import { acceptOffers } from '../offers/accept-offers.js';
import { declineOffers } from '../offers/decline-offers.js';
import type { OffersContext } from '../offers-context.js';
import { acknowledgeOperation } from '../operations/acknowledge-operation.js';
import { reconcileOperations } from '../operations/reconcile-operations.js';
import { acknowledgeUpdate } from '../tasks/acknowledge-update.js';
import { killTask } from '../tasks/kill-task.js';
import { reconcileTasks } from '../tasks/reconcile-tasks.js';

export type CallOutcome =
  /** 202: will be done, or answered by an event; `isDropped`: not done, since it is about something that is not there. */
  | { readonly kind: 'accepted'; readonly isDropped?: true }
  /** 200: is done. */
  | { readonly kind: 'done' }
  /** This life of the service has ended on the way: whether it was done is not known, so there is no answer. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly refusal: ApiRefusal };

const ACCEPTED: CallOutcome = { kind: 'accepted' };
const acceptedAs = (isPassedOn: boolean): CallOutcome =>
  isPassedOn ? ACCEPTED : { kind: 'accepted', isDropped: true };

/**
 * Carries out a checked call of a subscribed framework. What this service does not do is refused by name, before anything is done.
 *
 * @param traceId trace of the request
 */
export async function handleCall(
  context: OffersContext,
  framework: Framework,
  call: SchedulerCall,
  traceId: string,
): Promise<CallOutcome> {
  switch (call.type) {
    case 'ACCEPT': {
      const accept = call.accept ?? {};
      return (await acceptOffers(context, framework, accept, traceId)) ? ACCEPTED : { kind: 'unknown' };
    }
    case 'UPDATE_FRAMEWORK': {
      const refusal = updateFramework(
        context,
        framework,
        termsOf(call.update_framework as SchedulerCallUpdateFramework),
      );
      if (refusal !== undefined) return { kind: 'refused', refusal };
      return { kind: 'done' };
    }
    default:
      return handleAtOnce(context, framework, call);
  }
}

/** Calls that need no waiting and cannot be refused. Their members were checked to be there. */
function handleAtOnce(context: OffersContext, framework: Framework, call: SchedulerCall): CallOutcome {
  switch (call.type) {
    case 'DECLINE':
      declineOffers(context, framework, call.decline?.offer_ids ?? [], call.decline?.filters);
      return ACCEPTED;
    case 'ACCEPT_INVERSE_OFFERS':
    case 'DECLINE_INVERSE_OFFERS':
      answerToInverseOffers(context, framework, call);
      return ACCEPTED;
    case 'SHUTDOWN':
      if (call.shutdown) shutdownExecutor(context, framework, call.shutdown);
      return ACCEPTED;
    case 'MESSAGE':
      return acceptedAs(call.message !== undefined && messageExecutor(context, framework, call.message));
    case 'ACKNOWLEDGE':
      return acceptedAs(call.acknowledge !== undefined && acknowledgeUpdate(context, framework, call.acknowledge));
    case 'ACKNOWLEDGE_OPERATION_STATUS': {
      const { acknowledge_operation_status: acknowledged } = call;
      return acceptedAs(acknowledged !== undefined && acknowledgeOperation(context, framework, acknowledged));
    }
    case 'KILL':
      if (call.kill) killTask(context, framework, call.kill);
      return ACCEPTED;
    case 'RECONCILE':
      reconcileTasks(context, framework, call.reconcile?.tasks ?? []);
      return ACCEPTED;
    case 'RECONCILE_OPERATIONS':
      reconcileOperations(context, framework, call.reconcile_operations?.operations ?? []);
      return ACCEPTED;
    case 'REVIVE':
      reviveRoles(context, framework, call.revive?.roles ?? []);
      return ACCEPTED;
    case 'SUPPRESS':
      suppressRoles(context, framework, call.suppress?.roles ?? []);
      return ACCEPTED;
    case 'TEARDOWN':
      removeFramework(context, framework, 'torn down by the scheduler');
      return ACCEPTED;
    case 'REQUEST':
      // Has no effect with the hierarchical allocator, in Mesos too.
      return ACCEPTED;
    case 'UNKNOWN':
      return { kind: 'refused', refusal: { kind: 'not-implemented' } };
    default:
      return notImplemented(call.type ?? 'UNKNOWN');
  }
}

function answerToInverseOffers(context: OffersContext, framework: Framework, call: SchedulerCall): void {
  const isAccept = call.type === 'ACCEPT_INVERSE_OFFERS';
  const said = isAccept ? call.accept_inverse_offers : call.decline_inverse_offers;
  const answer = isAccept ? 'accepted' : 'declined';
  answerInverseOffers(context, framework, said?.inverse_offer_ids ?? [], answer, said?.filters);
}

const notImplemented = (call: string): CallOutcome => ({ kind: 'refused', refusal: { kind: 'not-implemented', call } });

/** What a SUBSCRIBE or UPDATE_FRAMEWORK says of the framework. */
export const termsOf = (said: SchedulerCallUpdateFramework): FrameworkTerms => ({
  info: said.framework_info,
  suppressedRoles: said.suppressed_roles ?? [],
  ...(said.offer_constraints === undefined ? {} : { offerConstraints: said.offer_constraints }),
});
