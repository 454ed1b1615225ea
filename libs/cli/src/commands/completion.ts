import type { Command } from 'commander';
import type { AgentView, FrameworkView } from '@tranche/contracts';
import type { ApiClient } from '../api/api-client.js';
import { CliError, UsageError } from '../cli.errors.js';
import { action, type Register } from '../command-action.js';
import { liveTasks } from '../names/find-tasks.js';
import { LIVE_FRAMEWORKS } from '../values/framework-words.js';

/** Scripts for a shell's start-up file. Each asks this program what may follow the words so far. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_tranche() {
  local IFS=$'\\n'
  COMPREPLY=($(tranche completion --candidates -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tranche tranche
`,
  zsh: `#compdef tranche
_tranche() {
  local -a candidates
  candidates=("\${(@f)$(tranche completion --candidates -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- $candidates
}
compdef _tranche tranche
`,
  fish: `complete -c tranche -f -a '(tranche completion --candidates -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};

interface CompletionFlags {
  candidates?: boolean;
}

/** `tranche completion`: the script for a shell, and, called by that script, what may follow. */
export const registerCompletion: Register = (program, cli) => {
  program
    .command('completion')
    .description('print the completion script of a shell: source <(tranche completion bash)')
    .argument('[WORDS...]', Object.keys(SCRIPTS).join(', '))
    .option('--candidates', 'print what may follow the words; the scripts call this')
    .action(
      action<CompletionFlags>(cli, async ({ api, io }, words, { candidates }) => {
        if (candidates) {
          const found = await candidatesFor(await cli.fullProgram(), words, api);
          io.stdout.write(found.map((word) => `${word}\n`).join(''));
          return;
        }
        const script = SCRIPTS[words[0] ?? ''];
        if (script === undefined)
          throw new UsageError(`"${words[0] ?? ''}" is no shell that is known`, [
            `shells: ${Object.keys(SCRIPTS).join(' ')}`,
          ]);
        io.stdout.write(script);
      }),
    );
};

async function candidatesFor(program: Command, words: readonly string[], api: ApiClient): Promise<string[]> {
  const partial = words.at(-1) ?? '';
  const command = words
    .slice(0, -1)
    .reduce((at, word) => at.commands.find((child) => child.name() === word) ?? at, program);
  const all = partial.startsWith('-')
    ? [...command.options, ...program.options].flatMap(({ long }) => (long ? [long] : []))
    : [...command.commands.map((child) => child.name()), ...(await namesFor(command, api))];
  return [...new Set(all)].filter((word) => word.startsWith(partial)).sort();
}

/** Names of what the command's first argument stands for. None when the cluster doesn't answer: completion is never an error. */
async function namesFor(command: Command, api: ApiClient): Promise<string[]> {
  const argument = command.registeredArguments[0]?.name() ?? '';
  try {
    if (argument.startsWith('TASK')) return (await liveTasks(api)).map(({ name }) => name);
    if (argument.startsWith('AGENT'))
      return (await api.list<AgentView>('/v1/agents')).items.map(({ hostname }) => hostname);
    if (argument.startsWith('FRAMEWORK')) {
      return (await api.list<FrameworkView>('/v1/frameworks', { state: LIVE_FRAMEWORKS })).items.map(
        ({ name }) => name,
      );
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
  }
  return [];
}
