import { Command, CommanderError } from 'commander';

export interface FolderFlags {
  readonly data: string;
  readonly json: boolean;
}

/** Flags of the commands that only look at a data folder. What is wrong with them, or asked about them, is printed here. */
export function parseFolderFlags(
  name: string,
  description: string,
  args: readonly string[],
): { readonly ok: true; readonly flags: FolderFlags } | { readonly ok: false; readonly exitCode: 0 | 2 } {
  const command = new Command(name)
    .description(description)
    .option('--data <dir>', 'folder for all state', '.tranche')
    .option('--json', 'print JSON', false)
    .allowExcessArguments(false)
    .exitOverride();
  try {
    command.parse([...args], { from: 'user' });
    return { ok: true, flags: command.opts<FolderFlags>() };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { ok: false, exitCode: error.exitCode === 0 ? 0 : 2 };
  }
}
