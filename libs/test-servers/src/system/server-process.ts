import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A server that is a process of ours: tests of faults kill it, pause it, and start it again with its data on the same port. */
export class ServerProcess {
  private constructor(
    private readonly begin: () => Promise<ChildProcess>,
    private child: ChildProcess,
  ) {}

  /** @param begin starts the process and waits until it serves; called again for each start */
  static async start(begin: () => Promise<ChildProcess>): Promise<ServerProcess> {
    return new ServerProcess(begin, await begin());
  }

  get id(): number | undefined {
    return this.child.pid;
  }

  /** @param signal such as SIGSTOP and SIGCONT; one that ends it is followed by `ended` */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  /** @throws Error when it does not come up */
  async startAgain(): Promise<void> {
    this.child = await this.begin();
  }
}
