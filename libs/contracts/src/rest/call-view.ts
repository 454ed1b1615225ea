/** Items of `GET /v1/frameworks/ID/calls`: a call of a framework, or an event on its stream. Served by `offers`. Times ISO 8601 UTC. */
export interface CallView {
  /** Number of it, as text; rises with each call and event of one process of `offers`. */
  id: string;
  at: string;
  direction: 'call' | 'event';
  /** As Mesos names it: `ACCEPT`, `OFFERS`. */
  type: string;
  /** Of a call its body, of an event its record, with its length before it. */
  bytes: number;
  /** Of a call: `accepted` and `done` (202 and 200), `refused`, or `unknown`: it was not answered. */
  outcome?: string;
  /** W3C trace id of the call. */
  traceId?: string;
}
