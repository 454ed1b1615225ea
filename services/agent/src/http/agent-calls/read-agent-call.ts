import {
  type AgentCall,
  type AgentCallType,
  agentRequestType,
  agentResponseType,
  type ApiRefusal,
  decodeBody,
  messageTypes,
  type StreamedMediaType,
  streamMismatch,
  type StreamsOfCall,
  validateAgentCall,
} from '@tranche/mesos-api';

/** A request to the agent API, as far as its checks look at it. */
export interface AgentRequest {
  readonly method: string;
  readonly contentType?: string | undefined;
  readonly messageContentType?: string | undefined;
  readonly accept?: string | undefined;
  readonly messageAccept?: string | undefined;
  readonly body: Buffer;
}

export type ReadAgentCall =
  | { readonly ok: true; readonly call: AgentCall & { type: AgentCallType }; readonly answer: StreamedMediaType }
  | { readonly ok: false; readonly refusal: ApiRefusal };

/** Calls that are streamed; the streamed request is not read here. */
const STREAMS: Readonly<Partial<Record<AgentCallType, StreamsOfCall>>> = {
  ATTACH_CONTAINER_INPUT: { request: true },
  ATTACH_CONTAINER_OUTPUT: { response: true },
  LAUNCH_NESTED_CONTAINER_SESSION: { response: true },
};

/** Reads a call and makes the checks that all calls have in common, in Mesos' order. @source operator API §4 */
export function readAgentCall(request: AgentRequest, isRecovering: boolean): ReadAgentCall {
  if (isRecovering) return no({ kind: 'unavailable', message: 'Agent has not finished recovery' });
  if (request.method !== 'POST') {
    return no({ kind: 'method-not-allowed', allowed: ['POST'], received: request.method });
  }
  const sent = agentRequestType(request.contentType, request.messageContentType);
  if (!sent.ok) return sent;
  const decoded = decodeBody(messageTypes.AgentCall, sent.type.mediaType, request.body);
  if (!decoded.ok) return no({ kind: 'bad-request', message: decoded.error });
  const invalid = validateAgentCall(decoded.value);
  const { type } = decoded.value;
  if (type === undefined || invalid !== undefined) {
    return no({ kind: 'bad-request', message: `Failed to validate agent::Call: ${invalid ?? ''}` });
  }
  const streams = STREAMS[type] ?? {};
  const mismatch = streamMismatch(type, streams, sent.type);
  if (mismatch !== undefined) return no(mismatch);
  const answer = agentResponseType(request.accept, request.messageAccept, streams);
  return answer.ok ? { ok: true, call: { ...decoded.value, type }, answer: answer.type } : answer;
}

const no = (refusal: ApiRefusal): ReadAgentCall => ({ ok: false, refusal });
