import { type AgentStateChanged, isPresentState } from '@tranche/contracts';
import { fromMs, type TaskStatus } from '@tranche/mesos-api';
import { freeIdleExecutors } from '../executors/idle-executors.js';
import { isConnected, sendEvent } from '../frameworks/framework.js';
import { OutgoingEvent } from '../frameworks/scheduler-stream.port.js';
import type { OffersContext } from '../offers-context.js';
import { loseOperations, type LostState } from '../operations/lose-operations.js';
import { rescindOffer } from '../offers/return-offer.js';
import { endTask, setStatus } from '../tasks/complete-task.js';
import { releaseResources } from '../tasks/release-resources.js';
import type { Task } from '../tasks/task.js';
import { stateFor } from '../tasks/task-state.js';
import { masterStatus } from '../tasks/task-status.js';
import { agentOf } from './agent.js';
import { goOnWith } from './ask-agents.js';
import { endInverseOffersOf } from './change-unavailability.js';

type Context = Pick<OffersContext, 'state' | 'allocator' | 'changes' | 'clock'>;

/** @see change; what has waited for word of a lost agent goes on. */
export function changeAgentState(context: Context, changed: AgentStateChanged): void {
  change(context, changed);
  goOnWith(context, changed.agentId);
}

/**
 * An agent changed its standing. One that can take no work loses its offers; of one that is lost the tasks are answered for, and every
 * connected framework hears of its failure.
 *
 * Order towards a framework: UPDATEs, RESCINDs, FAILURE (scheduler API §7).
 */
function change(context: Context, changed: AgentStateChanged): void {
  const { agentId, state: standing, reason, atMs } = changed;
  const { state } = context;
  const agent = state.agents.get(agentId);
  if (agent !== undefined) {
    const record = { ...agent.record, state: standing, stateReason: reason, stateSinceMs: atMs };
    state.agents.set(agentOf(record, agent.isRecovered && isPresentState(standing)));
  }
  if (standing === 'active') return;
  const hostname = agent?.record.hostname ?? agentId;
  const isLost = !isPresentState(standing);
  if (isLost) {
    const loss = { ...changed, state: standing as LostState, hostname };
    for (const task of state.tasks.ofAgent(agentId)) loseTask(context, task, loss);
    freeIdleExecutors(context, state.tasks.executors.idleOn(agentId));
    loseOperations(context, agentId, loss.state);
  } else if (standing === 'disconnected') {
    for (const task of state.tasks.ofAgent(agentId)) loseUncheckpointed(context, task, hostname);
  }
  for (const offer of state.offers.ofAgent(agentId)) rescindOffer(context, offer);
  endInverseOffersOf(context, agentId);
  if (standing === 'removed' || standing === 'gone') forgetTotal(context, agentId);
  if (isLost && agent !== undefined) tellFailure(context, agentId);
}

/** An agent that is lost for good has nothing. */
function forgetTotal({ state, changes }: Context, agentId: string): void {
  if (!state.totals.isChanged(agentId)) return;
  state.totals.set(agentId, undefined);
  changes.forgotten({ agentIds: [agentId] });
}

interface Loss extends AgentStateChanged {
  readonly state: LostState;
  readonly hostname: string;
}

/** The task of an agent that was lost: unreachable ones may come back, the others are over. */
function loseTask(context: Context, task: Task, loss: Loss): void {
  const isEnded = task.stage === 'live' && task.record.endedAtMs !== undefined;
  if (loss.state === 'unreachable') {
    // The agent still has the update that nobody has acknowledged yet; nothing is held any more.
    if (isEnded || task.stage === 'unreachable') return;
    const status = lossStatus(context, task, loss);
    setStatus(task, status);
    releaseResources(context, task, () => {
      task.stage = 'unreachable';
      context.changes.taskUpdated(task, status);
    });
    tell(context, task, status);
    return;
  }
  const status = isEnded ? undefined : lossStatus(context, task, loss);
  if (status !== undefined) tell(context, task, status);
  endTask(context, task, status);
}

/** What runs there without checkpoints does not survive whatever befell its agent; all else is waited for. */
function loseUncheckpointed(context: Context, task: Task, hostname: string): void {
  const { frameworkId, taskId, agentId } = task.record;
  const framework = context.state.frameworks.get(frameworkId);
  if (framework?.record.info.checkpoint === true || task.stage !== 'live' || task.record.endedAtMs !== undefined)
    return;
  const message = `Agent ${hostname} disconnected`;
  const nowMs = context.clock.nowMs();
  const reason = 'REASON_AGENT_DISCONNECTED';
  const status = masterStatus({ taskId, agentId, state: 'TASK_LOST', reason, message, nowMs });
  tell(context, task, status);
  endTask(context, task, status);
}

/** @source scheduler API §8, agent-loss updates */
function lossStatus(context: Context, task: Task, loss: Loss): TaskStatus {
  const { frameworkId, taskId, agentId } = task.record;
  const capabilities = context.state.frameworks.get(frameworkId)?.capabilities ?? new Set<string>();
  const common = { taskId, agentId, nowMs: context.clock.nowMs() };
  const removed = `Agent ${loss.hostname} removed: ${loss.reason}`;
  switch (loss.state) {
    case 'unreachable': {
      const state = stateFor(capabilities, 'TASK_UNREACHABLE');
      const status = masterStatus({ ...common, state, reason: 'REASON_AGENT_REMOVED', message: loss.reason });
      return state === 'TASK_UNREACHABLE' ? { ...status, unreachable_time: fromMs(loss.atMs) } : status;
    }
    case 'removed':
      return masterStatus({ ...common, state: 'TASK_LOST', reason: 'REASON_AGENT_REMOVED', message: removed });
    case 'gone': {
      const state = stateFor(capabilities, 'TASK_GONE_BY_OPERATOR');
      const reason = state === 'TASK_LOST' ? 'REASON_AGENT_REMOVED' : 'REASON_AGENT_REMOVED_BY_OPERATOR';
      return masterStatus({ ...common, state, reason, message: removed });
    }
  }
}

function tell(context: Context, task: Task, status: TaskStatus): void {
  const framework = context.state.frameworks.get(task.record.frameworkId);
  if (framework !== undefined) sendEvent(framework, { type: 'UPDATE', update: { status } });
}

function tellFailure(context: Context, agentId: string): void {
  const failure = new OutgoingEvent({ type: 'FAILURE', failure: { agent_id: { value: agentId } } });
  for (const framework of context.state.frameworks.all()) {
    if (isConnected(framework)) framework.stream?.send(failure);
  }
}
