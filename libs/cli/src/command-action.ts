import type { Command } from 'commander';
import { type CliContext, createContext } from './cli-context.js';
import type { GlobalFlags } from './cli.config.js';
import type { CliIo } from './cli-io.js';

/** One invocation. */
export interface Cli {
  readonly io: CliIo;
  /** As typed: whether there was a `--` is not visible otherwise. */
  readonly args: readonly string[];
  exitCode: number;
  /** A program with every command, also those that were not loaded: for completion. */
  fullProgram(this: void): Promise<Command>;
}

/** A command's work. @returns the exit code; nothing is 0 */
export type CommandWork<F> = (context: CliContext, args: string[], flags: F) => Promise<number | void>;

/** Names, flags and work of a command are added to the program, or to its noun. */
export type Register = (parent: Command, cli: Cli) => void;

/**
 * The action of a command: makes its context, does its work, closes its connections, keeps the exit code.
 *
 * Arguments come as one flat list, in which a variadic one takes the places at the end.
 */
export function action<F extends object>(cli: Cli, work: CommandWork<F & GlobalFlags>) {
  return async function act(this: Command): Promise<void> {
    const flags = this.optsWithGlobals<F & GlobalFlags>();
    const context = await createContext(cli.io, flags);
    try {
      cli.exitCode = (await work(context, this.args, flags)) ?? 0;
    } finally {
      context.api.close();
    }
  };
}

/** The action of a command that shows something other than a list: with `--watch` it goes on showing it. */
export const showing = <F extends object>(cli: Cli, work: CommandWork<F & GlobalFlags>) =>
  action<F>(cli, async (context, args, flags) =>
    flags.watch
      ? (await import('./output/watch-text.js')).watchText(context, (shown) => work(shown, args, flags))
      : work(context, args, flags),
  );
