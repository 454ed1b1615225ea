import type {
  AgentInfo,
  AgentResponseGetExecutors,
  AgentResponseGetFrameworks,
  AgentResponseGetState,
  AgentResponseGetTasks,
  Operation,
  TaskState,
} from '@tranche/mesos-api';
import type { MachineLoad, Sight } from '@tranche/http';
import type { Clock } from '@tranche/telemetry';
import type { AgentCounts } from '../agent-counts.js';
import type { AgentState } from '../checkpoint/agent-state.js';
import type { ContainerizerCalls } from '../containerizer/containerizer-calls.js';
import type { DrainAgent, DrainOrder } from '../draining/drain-agent.js';
import type { Fetcher } from '../fetcher/fetcher.js';
import type { CollectSandboxes } from '../sandbox/gc/collect-sandboxes.js';
import type { AgentPaths } from '../paths.js';
import type { AgentLifecycle } from '../registration/agent-lifecycle.js';
import { agentInfo } from '../registration/describe-agent.js';
import type { Capacity } from '../tasks/capacity.js';
import {
  executorsDocument,
  frameworksDocument,
  operationsDocument,
  stateDocument,
  tasksDocument,
} from './agent-calls/state-documents.js';
import { agentDocument, type AgentFacts } from './agent-document.js';
import { attachedPaths } from './attached-paths.js';
import { agentMetrics } from './agent-metrics.js';

/** What the agent shows of itself over HTTP, rendered when it is asked for: it has hundreds of tasks, not millions. */
export class AgentViews {
  constructor(
    private readonly source: {
      readonly state: AgentState;
      readonly paths: AgentPaths;
      readonly capacity: Capacity;
      readonly lifecycle: AgentLifecycle;
      readonly drain: DrainAgent;
      readonly ended: ReadonlyMap<TaskState, number>;
      readonly counts: AgentCounts;
      readonly containerizerCalls: ContainerizerCalls;
      readonly clock: Clock;
      readonly fetcher: Pick<Fetcher, 'counts' | 'cache'>;
      readonly collector: Pick<CollectSandboxes, 'counts' | 'maxAgeMs'>;
    },
    readonly facts: AgentFacts,
  ) {}

  get isRecovering(): boolean {
    return this.source.lifecycle.phase === 'recovering';
  }

  /** Body of `/state`. @param sight of who may not see everything */
  state(sight?: Sight, seesFlags = true): string {
    const reader = { drain: this.source.drain.order, sight, seesFlags };
    return agentDocument(this.source.state, this.facts, this.source.paths, reader);
  }

  stateDocument(sight?: Sight): AgentResponseGetState {
    return stateDocument(this.source.state, this.source.paths, sight);
  }

  frameworksDocument(sight?: Sight): AgentResponseGetFrameworks {
    return frameworksDocument(this.source.state, this.source.paths, sight);
  }

  executorsDocument(sight?: Sight): AgentResponseGetExecutors {
    return executorsDocument(this.source.state, this.source.paths, sight);
  }

  tasksDocument(sight?: Sight): AgentResponseGetTasks {
    return tasksDocument(this.source.state, sight);
  }

  operations(sight?: Sight): Operation[] {
    return operationsDocument(this.source.state, sight);
  }

  /** What it is, and what an operator wants of it. */
  agent(sight?: Sight): { readonly info: AgentInfo; readonly drain: DrainOrder | undefined } {
    const { state, drain } = this.source;
    const info = agentInfo(this.facts.self, this.facts.equipment, state.agentId ?? '');
    const seen = sight && { resources: (info.resources ?? []).filter(sight.resource) };
    return { info: { ...info, ...seen }, drain: drain.order };
  }

  /** Names of the log and of sandboxes, and where they are. */
  attachedPaths(): [name: string, path: string][] {
    return attachedPaths(this.source.state, this.source.paths, this.facts.logFile);
  }

  /** Everything of `/metrics/snapshot`. */
  metrics(machine: MachineLoad): Record<string, number> {
    const { state, capacity, lifecycle, ended, counts, clock, fetcher, collector, containerizerCalls } = this.source;
    return agentMetrics({
      state,
      total: capacity.total,
      allocated: capacity.allocated,
      ended,
      counts,
      destroyErrors: containerizerCalls.destroyErrors,
      fetcher,
      collector,
      isRegistered: lifecycle.phase === 'running',
      recoveryErrors: this.facts.findings.length,
      uptimeMs: clock.nowMs() - this.facts.self.startedAtMs,
      machine,
    });
  }
}
