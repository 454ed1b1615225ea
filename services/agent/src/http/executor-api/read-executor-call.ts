import {
  type ApiRefusal,
  decodeBody,
  type ExecutorCall,
  type MediaType,
  messageTypes,
  requestMediaType,
  responseMediaType,
  validateExecutorCall,
} from '@tranche/mesos-api';
import type { AgentExecutor } from '../../executors/agent-executor.js';
import type { ExecutorRecoveryPhase } from '../../executors/recover-executors.js';

/** A request to the executor API, as far as its checks look at it. */
export interface ExecutorRequest {
  readonly method: string;
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  readonly body: Buffer;
}

/** What the agent knows that a call is checked against. */
export interface ExecutorCallScene {
  readonly phase: ExecutorRecoveryPhase;
  readonly hasFramework: (frameworkId: string) => boolean;
  readonly executor: (frameworkId: string, executorId: string) => AgentExecutor | undefined;
  readonly isSubscribed: (executor: AgentExecutor) => boolean;
}

export type ReadExecutorCall =
  /** Nothing to be done: 202. */
  | { readonly ok: true; readonly kind: 'heartbeat' }
  | {
      readonly ok: true;
      readonly kind: 'call';
      readonly call: ExecutorCall;
      readonly executor: AgentExecutor;
      /** Type of the event stream; meaningful for SUBSCRIBE. */
      readonly mediaType: MediaType;
    }
  | { readonly ok: false; readonly refusal: ApiRefusal };

/** Reads a call and makes all checks, in Mesos' order. @source executor API §1: order of checks */
export function readExecutorCall(request: ExecutorRequest, scene: ExecutorCallScene): ReadExecutorCall {
  if (scene.phase === 'reading') return no(RECOVERING);
  if (request.method !== 'POST') {
    return no({ kind: 'method-not-allowed', allowed: ['POST'], received: request.method });
  }
  const type = requestMediaType(request.contentType);
  if (!type.ok) return type;
  const decoded = decodeBody(messageTypes.ExecutorCall, type.mediaType, request.body);
  if (!decoded.ok) return no({ kind: 'bad-request', message: decoded.error });
  const call = decoded.value;
  const invalid = validateExecutorCall(call);
  if (invalid !== undefined) {
    return no({ kind: 'bad-request', message: `Failed to validate Executor::Call: ${invalid}` });
  }
  if (call.type !== 'SUBSCRIBE') return readOther(call, type.mediaType, scene);
  const answer = responseMediaType(request.accept);
  return answer.ok ? find(call, answer.mediaType, scene) : answer;
}

function readOther(call: ExecutorCall, mediaType: MediaType, scene: ExecutorCallScene): ReadExecutorCall {
  if (call.type === 'HEARTBEAT') return { ok: true, kind: 'heartbeat' };
  if (scene.phase !== 'over') return no(RECOVERING);
  const found = find(call, mediaType, scene);
  if (!found.ok || found.kind !== 'call') return found;
  if (!scene.isSubscribed(found.executor)) return no({ kind: 'forbidden', message: 'Executor is not subscribed' });
  return call.type === 'UNKNOWN' ? no({ kind: 'not-implemented' }) : found;
}

function find(call: ExecutorCall, mediaType: MediaType, scene: ExecutorCallScene): ReadExecutorCall {
  const frameworkId = call.framework_id.value;
  if (!scene.hasFramework(frameworkId)) return no({ kind: 'bad-request', message: 'Framework cannot be found' });
  const executor = scene.executor(frameworkId, call.executor_id.value);
  if (executor === undefined) return no({ kind: 'bad-request', message: 'Executor cannot be found' });
  return { ok: true, kind: 'call', call, executor, mediaType };
}

const RECOVERING: ApiRefusal = { kind: 'unavailable', message: 'Agent has not finished recovery' };

const no = (refusal: ApiRefusal): ReadExecutorCall => ({ ok: false, refusal });
