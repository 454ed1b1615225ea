import type { Ledger } from '../checkpoint/ledger.js';
import type { AgentExecutor } from './agent-executor.js';
import type { ExecutorSender } from './executor-sender.port.js';

/** Passes messages of executors on to their frameworks, at most once. */
export class ForwardMessage {
  constructor(
    private readonly ledger: Ledger,
    private readonly sender: ExecutorSender,
  ) {}

  /** @param data base64 */
  forward(executor: AgentExecutor, data: string): void {
    const framework = this.ledger.state.framework(executor.frameworkId);
    if (framework?.removed === false) this.sender.message(executor, data);
  }
}
