import { ApiClient } from './api/api-client.js';
import { type CliSettings, type GlobalFlags, loadSettings } from './cli.config.js';
import type { CliIo } from './cli-io.js';
import { UsageError } from './cli.errors.js';

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
}

/** @throws UsageError when a setting is not valid */
export async function createContext(io: CliIo, flags: GlobalFlags): Promise<CliContext> {
  const settings = await loadSettings(flags, io);
  const onRequest = (line: string): void => void (flags.verbose && io.stderr.write(`${line}\n`));
  return {
    io,
    flags,
    settings,
    api: new ApiClient(settings, io.clock, onRequest),
    note: (line) => void (flags.quiet || io.stderr.write(`${line}\n`)),
    confirm: async (question) => {
      if (flags.yes) return true;
      if (io.canAsk) return io.ask(question);
      throw new UsageError('this needs to be confirmed, and there is no terminal to ask on', ['add --yes']);
    },
  };
}
