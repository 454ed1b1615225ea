import { AgentDrainedV1, type DrainAgent as DrainCommand, queueOf } from '@tranche/contracts';
import { capabilitiesOf, fromMs, type KillPolicy, toMs } from '@tranche/mesos-api';
import type { MessageBus } from '@tranche/messaging';
import type { CancelTimer, Logger, TimerClock } from '@tranche/telemetry';
import type { Ledger } from '../checkpoint/ledger.js';
import type { AgentTask } from '../tasks/agent-task.js';
import { DEFAULT_GRACE_MS, type KillTask } from '../tasks/kill-task.js';
import type { StatusChange } from '../tasks/status-change.js';
import { isTerminal } from '../tasks/task-state.js';

/** How often a draining agent looks whether it is empty: tasks, updates and operations end in many places. */
const LOOK_MS = 200;

export type DrainTerms = Pick<DrainCommand, 'maxGraceMs' | 'markGone'>;

/** What the agent is to do, and since when, milliseconds since the epoch. */
export type DrainOrder = DrainTerms & { readonly startedAtMs: number };

/** Whether anything is left that somebody still has to hear of. */
export type IsEmpty = () => boolean;

/**
 * Empties the agent: its tasks are ended, new ones refused, and the registry is told when the last update is acknowledged.
 *
 * Not written down: the registry tells again at each registration, and the kills themselves are on disk.
 *
 * @source Mesos 1.11 behaviour: agent draining; executor API §2
 */
export class DrainAgent {
  private terms: DrainOrder | undefined;
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly killer: Pick<KillTask, 'kill'>,
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly clock: TimerClock,
    private readonly isEmpty: IsEmpty,
    /** Ends executors that have no task: they would stay for ever, since none comes any more. */
    private readonly endIdle: () => void,
    private readonly logger: Logger,
  ) {}

  get isDraining(): boolean {
    return this.terms !== undefined;
  }

  /** For `/state`. */
  get order(): DrainOrder | undefined {
    return this.terms;
  }

  /** @returns when the kills are on disk and under way. A repetition may shorten their grace, never lengthens it. @throws CheckpointFailedError */
  async begin(terms: DrainTerms): Promise<void> {
    this.terms = { ...terms, startedAtMs: this.terms?.startedAtMs ?? this.clock.nowMs() };
    const tasks = [...this.ledger.state.tasks()].filter((task) => !isTerminal(task.state));
    this.logger.info('agent drains', { tasks: tasks.length, ...terms });
    await Promise.all(tasks.map((task) => this.killer.kill(task, 'draining', policyOf(task, terms.maxGraceMs))));
    this.look();
  }

  /** The order was taken back: what is being ended ends, new tasks are taken. */
  giveUp(): void {
    this.cancel();
    this.terms = undefined;
    this.logger.info('agent is not drained any more', {});
  }

  /** The agent ends: whoever is left is told at the next start. */
  stop(): void {
    this.cancel();
  }

  /**
   * What a status says while the agent drains: an end that is due to it says so, and how its agent ends.
   *
   * @returns the change itself when draining has nothing to do with it
   */
  explain(task: AgentTask, change: StatusChange): StatusChange {
    if (this.terms === undefined || (change.state !== 'TASK_KILLING' && change.state !== 'TASK_KILLED')) return change;
    const framework = this.ledger.state.framework(task.frameworkId);
    const isAware = framework !== undefined && capabilitiesOf(framework.info).has('PARTITION_AWARE');
    const isGone = change.state === 'TASK_KILLED' && this.terms.markGone && isAware;
    return { ...change, ...(isGone ? { state: 'TASK_GONE_BY_OPERATOR' } : {}), reason: 'REASON_AGENT_DRAINING' };
  }

  private look(): void {
    this.cancel();
    if (this.terms === undefined) return;
    this.endIdle();
    if (!this.isEmpty()) {
      this.cancel = this.clock.after(LOOK_MS, () => this.look());
      return;
    }
    const { agentId } = this.ledger.state;
    if (agentId === undefined) return;
    this.bus.send(AgentDrainedV1, queueOf('registry'), [{ agentId }]).then(
      () => this.finish(),
      (error: unknown) => {
        this.logger.info('registry could not be told that the agent is empty, will be told again', { agentId, error });
        this.cancel = this.clock.after(LOOK_MS * 5, () => this.look());
      },
    );
  }

  /** From here on the registry keeps new tasks away. */
  private finish(): void {
    this.terms = undefined;
    this.logger.info('agent is drained', {});
  }
}

/** The task's own grace, or the longest that is allowed. */
function policyOf(task: AgentTask, maxGraceMs: number | undefined): KillPolicy | undefined {
  if (maxGraceMs === undefined) return undefined;
  const own = task.info.kill_policy?.grace_period;
  const ownMs = own === undefined ? DEFAULT_GRACE_MS : toMs(own);
  return { grace_period: fromMs(Math.min(ownMs, maxGraceMs)) };
}
