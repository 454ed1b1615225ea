import {
  type ApiRefusal,
  decodeBody,
  type MasterCall,
  type MasterCallType,
  type MediaType,
  messageTypes,
  missingMember,
  requestMediaType,
  responseMediaType,
} from '@tranche/mesos-api';

/** A request to the operator API, as far as its checks look at it. */
export interface CallRequest {
  readonly method: string;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  readonly body: Buffer;
}

export type ReadCall =
  | { readonly ok: true; readonly call: MasterCall & { type: MasterCallType }; readonly mediaType: MediaType }
  | { readonly ok: false; readonly refusal: ApiRefusal };

/**
 * Reads a call and makes the checks that all calls have in common, in Mesos' order.
 *
 * @source operator API §1, rows 5 to 9
 */
export function readCall(request: CallRequest): ReadCall {
  if (request.method !== 'POST') {
    return no({ kind: 'method-not-allowed', allowed: ['POST'], received: request.method });
  }
  const sent = requestMediaType(request.contentType);
  if (!sent.ok) return sent;
  const decoded = decodeBody(messageTypes.MasterCall, sent.mediaType, request.body);
  if (!decoded.ok) return no({ kind: 'bad-request', message: decoded.error });
  const { type } = decoded.value;
  const missing = missingMember(decoded.value, WITHOUT_MEMBER);
  if (type === undefined || missing !== undefined) {
    const message = `Failed to validate master::Call: Expecting '${missing}' to be present`;
    return no({ kind: 'bad-request', message });
  }
  const wanted = responseMediaType(request.accept);
  if (!wanted.ok) return wanted;
  return { ok: true, call: { ...decoded.value, type }, mediaType: wanted.mediaType };
}

/** Calls that have no member of their own; every other needs the one of its name. */
const WITHOUT_MEMBER = new Set<MasterCallType>([
  'UNKNOWN',
  'GET_HEALTH',
  'GET_FLAGS',
  'GET_VERSION',
  'GET_LOGGING_LEVEL',
  'GET_STATE',
  'GET_AGENTS',
  'GET_FRAMEWORKS',
  'GET_EXECUTORS',
  'GET_OPERATIONS',
  'GET_TASKS',
  'GET_ROLES',
  'GET_WEIGHTS',
  'GET_MASTER',
  'SUBSCRIBE',
  'GET_MAINTENANCE_STATUS',
  'GET_MAINTENANCE_SCHEDULE',
  'GET_QUOTA',
]);

const no = (refusal: ApiRefusal): ReadCall => ({ ok: false, refusal });
