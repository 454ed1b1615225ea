import type { CheckTarget } from './check-plan.js';

/**
 * What a look at a task came to. A member is absent when there was no result, for want of time or of a connection; `fault` then says why,
 * for people.
 */
export type ProbeResult =
  | { readonly kind: 'command'; readonly exitCode?: number; readonly fault?: string }
  | { readonly kind: 'http'; readonly statusCode?: number; readonly fault?: string }
  | { readonly kind: 'tcp'; readonly succeeded?: boolean; readonly fault?: string };

export interface ProbeRequest {
  readonly containerId: string;
  readonly target: CheckTarget;
  /** Infinity for none. */
  readonly timeoutMs: number;
  /** Ends it; the result does not matter any more. */
  readonly signal: AbortSignal;
}

/** Looks at a task from within its container: its namespaces, for commands its cgroups, too. */
export interface Probe {
  /** Does not throw. Undefined when it was the agent that could not look, which says nothing of the task. */
  run(request: ProbeRequest): Promise<ProbeResult | undefined>;
}
