import {
  type ApiRefusal,
  decodeBody,
  type FrameworkInfo,
  type MediaType,
  messageTypes,
  requestMediaType,
  responseMediaType,
  type SchedulerCall,
  type SchedulerCallType,
  validateSchedulerCall,
} from '@tranche/mesos-api';
import { principalError } from './principal-error.js';

/** A request to the scheduler API, as far as its checks look at it. */
export interface CallRequest {
  readonly method: string;
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  readonly streamId?: string | undefined;
  readonly body: Buffer;
  /** Whose credentials it bore; undefined: none were asked for. */
  readonly principal?: string | undefined;
}

export type ReadCall =
  | {
      readonly ok: true;
      readonly call: SchedulerCall;
      /** Type of the event stream; meaningful for SUBSCRIBE. */
      readonly mediaType: MediaType;
    }
  | {
      readonly ok: false;
      readonly refusal: ApiRefusal;
      /** Of a call that could be read, and says what may not be. */
      readonly type?: SchedulerCallType;
    };

/**
 * Reads a call and makes all checks that need no knowledge of frameworks, in Mesos' order.
 *
 * @source scheduler API §2, rows 6 to 14
 */
export function readCall(request: CallRequest): ReadCall {
  if (request.method !== 'POST') {
    return no({ kind: 'method-not-allowed', allowed: ['POST'], received: request.method });
  }
  const type = requestMediaType(request.contentType);
  if (!type.ok) return type;
  const decoded = decodeBody(messageTypes.SchedulerCall, type.mediaType, request.body);
  if (!decoded.ok) return no({ kind: 'bad-request', message: decoded.error });
  const call = decoded.value;
  const invalid = validateSchedulerCall(call) ?? principalError(request.principal, infoOf(call)?.principal);
  if (invalid !== undefined) {
    const refused = no({ kind: 'bad-request', message: `Failed to validate scheduler::Call: ${invalid}` });
    return { ...refused, ...(call.type !== undefined && { type: call.type }) };
  }
  fillPrincipal(call, request.principal);
  if (call.type !== 'SUBSCRIBE' && call.type !== 'RECONCILE_OPERATIONS') {
    return { ok: true, call, mediaType: type.mediaType };
  }
  const answer = responseMediaType(request.accept);
  if (!answer.ok) return answer;
  if (call.type === 'SUBSCRIBE' && request.streamId !== undefined) {
    const message = "Subscribe calls should not include the 'Mesos-Stream-Id' header";
    return no({ kind: 'bad-request', message });
  }
  return { ok: true, call, mediaType: answer.mediaType };
}

/** What SUBSCRIBE says of the framework. */
const infoOf = ({ type, subscribe }: SchedulerCall): FrameworkInfo | undefined =>
  type === 'SUBSCRIBE' ? subscribe?.framework_info : undefined;

/** A framework without a principal gets that of its credentials. @source scheduler API §3 */
function fillPrincipal(call: SchedulerCall, principal: string | undefined): void {
  const info = infoOf(call) ?? call.update_framework?.framework_info;
  if (info !== undefined && principal !== undefined) info.principal ??= principal;
}

const no = (refusal: ApiRefusal): ReadCall & { readonly ok: false } => ({ ok: false, refusal });
