import type { ContainerNesting, ContainerTermination, Limitation, ResourceLimits } from '../container.js';
import type { ProcessIdentity } from '../processes/process-identity.js';

/** A container of this agent, from its creation to its removal. */
export interface SupervisedContainer {
  readonly id: string;
  /** Its first process. */
  readonly identity: ProcessIdentity;
  limits: ResourceLimits;
  /** Set for a container within another. */
  readonly nesting: ContainerNesting | undefined;
  limitation?: Limitation;
  /** Ended, or just being wound up. */
  isOver: boolean;
  /** Fires when the container is over: its limits need no watching any more. */
  readonly stop: AbortController;
  readonly ended: Promise<ContainerTermination>;
  readonly settle: (termination: ContainerTermination) => void;
}

export function superviseContainer(
  id: string,
  identity: ProcessIdentity,
  limits: ResourceLimits,
  nesting: ContainerNesting | undefined,
): SupervisedContainer {
  const { promise: ended, resolve: settle } = Promise.withResolvers<ContainerTermination>();
  return { id, identity, limits, nesting, isOver: false, stop: new AbortController(), ended, settle };
}

/** The container was never created here, or has been removed. */
export class UnknownContainerError extends Error {
  readonly code = 'containerizer/unknown-container';
  constructor(readonly containerId: string) {
    super(`unknown container ${containerId}`);
    this.name = 'UnknownContainerError';
  }
}
