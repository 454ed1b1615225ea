/** Services of which there is more than one process: one works, the others stand in line. */
export const REPLICATED = ['registry', 'allocator', 'offers'] as const;

/**
 * What is done to a part of the mesh.
 *
 * `kill`: SIGKILL, started again after the hold. `terminate`: SIGTERM, likewise. `pause`: SIGSTOP, SIGCONT after the hold. `cut`: its
 * connections are reset at once. `refuse`: they are reset, and new ones are for the hold. `freeze`: they stay, and nothing passes.
 * `fill`: nothing is left on the disk of its work directory.
 */
export type FaultKind = 'kill' | 'terminate' | 'pause' | 'cut' | 'refuse' | 'freeze' | 'fill';

/** One fault of a plan. Two never concern the same target at a time. */
export interface Fault {
  /** After the start of the load. */
  readonly atMs: number;
  readonly kind: FaultKind;
  /** `offers`, `agent2`, `broker`, `database`. */
  readonly target: string;
  /** Of a replicated service: the process that works, or one that waits. */
  readonly which: 'active' | 'standby' | 'only';
  /** Until it is undone. */
  readonly holdMs: number;
}

export const faultText = ({ kind, target, which, holdMs }: Fault): string =>
  `${kind} ${which === 'only' ? '' : `${which} `}${target}${holdMs === 0 ? '' : `, ${(holdMs / 1_000).toFixed(1)} s`}`;
