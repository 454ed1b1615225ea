import { ApiClient } from './api/api-client.js';
import { type CliSettings, type GlobalFlags, loadSettings } from './cli.config.js';
import type { CliIo } from './cli-io.js';
import { FailedError, UsageError } from './cli.errors.js';

/** What a command works with. */
export interface CliContext {
  io: CliIo;
  flags: GlobalFlags;
  settings: CliSettings;
  api: ApiClient;
  /** A line on standard error, unless `--quiet`. */
  note: (line: string) => void;
  /**
   * Asks before something that cannot be undone, unless `--yes`.
   *
   * @returns false when the person says no
   * @throws UsageError when nobody can be asked
   */
  confirm: (question: string) => Promise<boolean>;
  /**
   * Called before the cluster is changed, by every request that does: in a context with `confirm: true` it asks, unless the command has asked
   * already. With `--dry-run` nothing passes it, whatever the command is.
   *
   * @throws FailedError when the person says no
   * @throws UsageError in a dry run of a command that has none
   */
  mayChange: () => Promise<void>;
}

/** @throws UsageError when a setting is not valid */
export async function createContext(io: CliIo, flags: GlobalFlags): Promise<CliContext> {
  const settings = await loadSettings(flags, io);
  const onRequest = (line: string): void => void (flags.verbose && io.stderr.write(`${line}\n`));
  let isAgreed = flags.yes === true;
  const confirm = async (question: string): Promise<boolean> => {
    if (isAgreed) return true;
    if (!io.canAsk)
      throw new UsageError('this needs to be confirmed, and there is no terminal to ask on', ['add --yes']);
    isAgreed = await io.ask(question);
    return isAgreed;
  };
  const mayChange = async (): Promise<void> => {
    if (flags.dryRun) throw new UsageError('--dry-run: what this would change is not known; nothing was changed');
    if (!settings.mustConfirm) return;
    const { contextName = '', url } = settings;
    if (!(await confirm(`change the cluster of context ${contextName}, ${url}?`)))
      throw new FailedError('not confirmed: nothing was changed');
  };
  return {
    io,
    flags,
    settings,
    api: new ApiClient(settings, io.clock, onRequest, mayChange),
    note: (line) => void (flags.quiet || io.stderr.write(`${line}\n`)),
    confirm,
    mayChange,
  };
}
