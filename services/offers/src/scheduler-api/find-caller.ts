import type { ApiRefusal } from '@tranche/mesos-api';
import { type Framework, isConnected } from '../frameworks/framework.js';
import type { FrameworkTable } from '../frameworks/framework-table.js';
import { principalError } from './principal-error.js';

export type Caller =
  | { readonly ok: true; readonly framework: Framework }
  | { readonly ok: false; readonly refusal: ApiRefusal };

/** Who sends a call. */
export interface Asking {
  /** Of the request's header. */
  readonly streamId?: string | undefined;
  /** Whose credentials the request bore; undefined: none were asked for. */
  readonly principal?: string | undefined;
}

/**
 * The framework that a call (other than SUBSCRIBE) comes from, if it may speak on its present stream.
 *
 * @source scheduler API §2, rows 15 to 20
 */
export function findCaller(frameworks: FrameworkTable, frameworkId: string, { streamId, principal }: Asking): Caller {
  const framework = frameworks.get(frameworkId);
  // One that has not subscribed again since a restart is not known to this life of the service, as in Mesos.
  if (framework === undefined || framework.record.state === 'recovered') {
    return no({ kind: 'bad-request', message: 'Framework cannot be found' });
  }
  const stranger = principalError(principal, framework.record.info.principal);
  if (stranger !== undefined) return no({ kind: 'bad-request', message: stranger });
  if (!isConnected(framework) || framework.stream === undefined) {
    return no({ kind: 'forbidden', message: 'Framework is not subscribed' });
  }
  if (streamId === undefined) {
    const message = "All non-subscribe calls should include the 'Mesos-Stream-Id' header";
    return no({ kind: 'bad-request', message });
  }
  if (streamId !== framework.stream.streamId) {
    const message =
      `The stream ID '${streamId}' included in this request didn't match the stream ID currently ` +
      `associated with framework ID ${frameworkId}`;
    return no({ kind: 'bad-request', message });
  }
  return { ok: true, framework };
}

const no = (refusal: ApiRefusal): Caller => ({ ok: false, refusal });
