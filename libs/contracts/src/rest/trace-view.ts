import type { Page } from './page.js';
import type { TracePart, TraceSummary } from '../records/trace-part.js';

/** What one service or agent has of a trace, or why nothing. */
export interface TracePartView extends TracePart {
  agentId?: string;
  hostname?: string;
  /** Why something is or may be missing: `spans no longer kept`, `does not answer`. */
  missing?: string;
}

/** `GET /v1/traces/ID`. The public address gives the parts of all services and of the agents concerned; each service its own. */
export interface TraceView {
  traceId: string;
  parts: TracePartView[];
}

/** One trace of `GET /v1/traces`, newest first; `?slow=MS&error=true&service=S`. */
export interface TraceItemView extends TraceSummary {
  /** Who has spans of it. */
  services: string[];
}

export interface TraceList extends Page<TraceItemView> {
  /** Services that did not answer. */
  missing: string[];
}
