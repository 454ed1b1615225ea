import type { CommandInfo, ContainerID, ContainerInfo, Resource, ValueScalar } from '@tranche/mesos-api';
import type { Limitation } from '../containerizer/container.js';
import type { ContainerCheckpoint } from '../containerizer/containerizer.js';

/** What is known of a container of the agent API's when it is taken over, before anything of it exists on the node. */
export interface ContainerLaunch {
  /** UUID text: under it the containerizer knows the container. */
  readonly containerId: string;
  /** As the client names it, with those around it. */
  readonly id: ContainerID;
  /** Container id of the one around it; absent for one that stands alone. */
  readonly parentId?: string;
  readonly command: CommandInfo;
  readonly container?: ContainerInfo;
  readonly resources?: readonly Resource[];
  readonly limits?: Readonly<Record<string, ValueScalar>>;
  /** Name of the user that it runs as. */
  readonly user: string;
  /** Host path. */
  readonly sandbox: string;
  /** Milliseconds since the epoch. */
  readonly launchedAtMs: number;
}

/** How a container ended; empty when nobody saw it. JSON-safe. */
export interface ContainerEnd {
  /** As waitpid(2) gives it. */
  readonly waitStatus?: number;
  readonly limitation?: Limitation;
}

/**
 * A container that was launched through the agent API: nested in another, or standing alone, and no task's. JSON-safe: it goes into the
 * journal's snapshot as it is. Changed by `AgentState` alone.
 */
export interface AgentContainer extends ContainerLaunch {
  /** Present from the moment its blocked process exists. */
  readonly checkpoint?: ContainerCheckpoint;
  /** Its process was let go, and whoever launched it was told. */
  readonly isStarted?: true;
  /** Present once it has ended; kept until it is removed, or the container around it is gone. */
  readonly end?: ContainerEnd;
}

/** An id of a container within others as text: `parent.child`. No part of an id contains a dot. */
export const containerName = ({ value, parent }: ContainerID): string =>
  parent === undefined ? value : `${containerName(parent)}.${value}`;

/** The outermost one. */
export const rootOf = (id: ContainerID): ContainerID => (id.parent === undefined ? id : rootOf(id.parent));
