import type { AgentState, DrainState } from '../records/agent-record.js';
import type { ResourceAmounts } from './resource-amounts.js';

/** `GET /v1/agents/ID`, items of `GET /v1/agents`. Served by `registry`. Times ISO 8601 UTC. */
export interface AgentView {
  id: string;
  hostname: string;
  /** Where the agent's own API is: `ip:port`. */
  address: string;
  version: string;
  state: AgentState;
  stateReason?: string;
  stateSince: string;
  attributes: Record<string, string | number>;
  region?: string;
  zone?: string;
  total: ResourceAmounts;
  used: ResourceAmounts;
  /** What tasks hold beyond the total, which was lowered under them: it goes when they end, or the agent is drained. */
  pending?: ResourceAmounts;
  offered: ResourceAmounts;
  tasks: number;
  /** From the order to drain until the agent is activated again. */
  drain?: {
    state: DrainState;
    markGone: boolean;
    maxGraceMs?: number;
    startedAt: string;
    /** Tasks that lived there when it began: those that `tasks` has no more have ended. Absent when nobody has counted. */
    tasksAtStart?: number;
  };
  registeredAt: string;
  reregisteredAt?: string;
}

/** Answer to `POST /v1/agents/ID:drain` and the other verbs: the agent afterwards, and what it means for whom. */
export interface AgentOrderView extends AgentView {
  effects: {
    /** Tasks that live there now. */
    tasks: number;
    /** Frameworks they are of. */
    frameworks: number;
  };
}

/** What a container uses; what the machine cannot tell is absent. Sizes in bytes, processor time in seconds since it began. */
export interface ContainerUsageView {
  /** ISO 8601 UTC. */
  measuredAt: string;
  cpusLimit?: number;
  cpusUserSeconds?: number;
  cpusSystemSeconds?: number;
  cpusThrottledSeconds?: number;
  memBytes?: number;
  memLimitBytes?: number;
  diskBytes?: number;
  diskLimitBytes?: number;
  processes?: number;
  threads?: number;
}

/** `GET /v1/containers/ID`, items of `GET /v1/containers` of an agent: containers that run, those within others too. */
export interface ContainerView {
  id: string;
  /** Of the container around it. */
  parentId?: string;
  /** Absent for one that was launched by the agent's own API. */
  frameworkId?: string;
  executorId?: string;
  /** Of the task, where it is the task's own. */
  taskId?: string;
  name?: string;
  /** Of its first process, on the agent's machine. */
  pid?: number;
  /** Absent when it has ended meanwhile. */
  usage?: ContainerUsageView;
}

/** Items of `GET /v1/images`, of an agent and of all of them: an image that containers can be made from at once. */
export interface ImageView {
  /** As it was asked for, with its tag or digest, without the registry if that is the agent's own: `busybox:latest`. */
  name: string;
  agentId: string;
  agentHostname: string;
  /** Of its manifest, as its registry gave it. */
  digest: string;
  /** Of its layers, unpacked; those that it shares with others are counted with each. */
  sizeBytes: number;
  layers: number;
  /** Containers that are there and are made from it. */
  containers: number;
  /** ISO 8601 UTC. */
  pulledAt: string;
  lastUsedAt: string;
}

/** An agent that could not be asked. */
export interface MissingAgentView {
  agentId: string;
  agentHostname: string;
  /** Why, in words. */
  detail: string;
}

/** What was removed of the images of one agent, or would be. */
export interface AgentPruneView {
  agentId: string;
  agentHostname: string;
  /** Names of the images that are gone. */
  images: string[];
  /** Layers that were deleted: those of the images, and what pulls have left that were broken off. */
  layers: number;
  /** What the layers took. */
  freedBytes: number;
  /** Images that stay although nothing uses them, since only `unused` removes them. */
  unused: number;
}

/** Answer to `POST /v1/images:prune`. */
export interface ImagePruneView {
  /** Of all agents. */
  images: number;
  layers: number;
  freedBytes: number;
  unused: number;
  agents: AgentPruneView[];
  /** Agents that could not be asked. */
  missing: MissingAgentView[];
}
