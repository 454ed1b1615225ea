import type { AgentCounts } from '../agent-counts.js';
import type { Ledger } from '../checkpoint/ledger.js';
import { type AgentExecutor, isStandingAlone } from './agent-executor.js';
import type { ExecutorLinks } from './executor-links.js';
import type { ExecutorSender } from './executor-sender.port.js';

/** Passes messages of executors on to their frameworks, and those of frameworks to their executors; at most once. */
export class ExecutorMessages {
  constructor(
    private readonly ledger: Ledger,
    private readonly links: ExecutorLinks,
    private readonly sender: ExecutorSender,
    private readonly counts: AgentCounts,
  ) {}

  /** @param data base64 */
  toFramework(executor: AgentExecutor, data: string): void {
    if (!this.count(this.isKnown(executor.frameworkId))) return;
    this.sender.message(executor, data);
  }

  /** One that is not connected right now does not get it. @param data base64 */
  toExecutor(frameworkId: string, executorId: string, data: string): void {
    const executor = this.ledger.state.executor(frameworkId, executorId);
    const isUp = executor === undefined ? this.isPlayed(frameworkId, executorId) : isReady(executor);
    if (!this.count(isUp && this.isKnown(frameworkId)) || executor === undefined) return;
    this.links.send(executor.containerId, { type: 'MESSAGE', message: { data } });
  }

  private count(isValid: boolean): boolean {
    if (isValid) this.counts.validFrameworkMessages += 1;
    else this.counts.invalidFrameworkMessages += 1;
    return isValid;
  }

  private isKnown(frameworkId: string): boolean {
    return this.ledger.state.framework(frameworkId)?.removed === false;
  }

  /** The executor of a command task takes messages, and does nothing about them. */
  private isPlayed(frameworkId: string, taskId: string): boolean {
    const task = this.ledger.state.task(frameworkId, taskId);
    return task !== undefined && isStandingAlone(task) && task.state === 'TASK_RUNNING';
  }
}

const isReady = ({ hasSubscribed, shutdown }: AgentExecutor): boolean =>
  hasSubscribed === true && shutdown === undefined;
