import { quote } from '../supervision/command-script.js';
import type { Terminal } from './terminal.js';

/** Programs of the system that make a terminal and change it, by their absolute paths. */
export interface TerminalPrograms {
  /** Of util-linux: makes a pseudo-terminal, runs a command on it, and copies between it and its own input and output. */
  readonly script: string;
  /** Of coreutils: sets the size of the window. */
  readonly stty: string;
}

/** Keeps the name of the user's shell from `script`, which would run its command by it. */
const HIDE_SHELL = 'if [ "${SHELL+set}" ]; then export TRANCHE_SHELL="$SHELL"; fi';
const SHOW_SHELL =
  'if [ "${TRANCHE_SHELL+set}" ]; then SHELL=$TRANCHE_SHELL; unset TRANCHE_SHELL; else unset SHELL; fi';

/**
 * The command that runs another on a terminal of its own: the other leads a session that the terminal controls. Pure.
 *
 * What it reads is typed into the terminal, what the terminal shows is its output; it ends with the other's exit code. The end of its
 * input is typed as the end-of-transmission character.
 */
export function terminalArgv(
  args: readonly string[],
  { window }: Terminal,
  { script, stty }: TerminalPrograms,
): readonly string[] {
  const size = window === undefined ? [] : [`${quote(stty)} rows ${window.rows} columns ${window.columns}`];
  const onTerminal = [SHOW_SHELL, ...size, `exec ${args.map(quote).join(' ')}`].join('\n');
  const copying = `SHELL=/bin/sh exec ${quote(script)} --quiet --return --flush --echo always --command "$1" /dev/null`;
  return ['/bin/sh', '-c', [HIDE_SHELL, copying].join('\n'), 'sh', onTerminal];
}
