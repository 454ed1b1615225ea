import { type LaunchShell, LaunchShellError } from './launch-shell.js';

/**
 * A launch shell that is there whenever it is needed: started at first use, and again when it has died or is to be
 * replaced.
 */
export class KeptShell {
  private shell: Promise<LaunchShell> | undefined;

  constructor(private readonly start: () => Promise<LaunchShell>) {}

  /** Starts the shell now if there is none. @throws LaunchShellError when it cannot be set up */
  async open(): Promise<void> {
    await this.current();
  }

  /**
   * Asks the shell. If it dies before it has answered, a new one is asked once more: scripts refuse to make a container
   * of an id that they have begun with, so nothing can run twice.
   *
   * @throws LaunchShellError when the second one dies, too
   */
  async request(verb: string, id: string): Promise<string> {
    const shell = await this.current();
    try {
      return await shell.request(verb, id);
    } catch (error) {
      if (!(error instanceof LaunchShellError)) throw error;
      const next = await this.current();
      return next.request(verb, id);
    }
  }

  /** Lets the shell finish what it has begun and end. @returns when its process is gone */
  async close(): Promise<void> {
    const { shell } = this;
    this.shell = undefined;
    await (await shell?.catch(() => undefined))?.close();
  }

  private async current(): Promise<LaunchShell> {
    const shell = this.shell;
    const isUsable = shell !== undefined && (await shell.catch(() => undefined))?.isOpen === true;
    if (!isUsable && this.shell === shell) this.shell = this.start();
    return this.shell ?? this.current();
  }
}
