import { configPath, readConfigFile } from '../../cli.config.js';
import { UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { checkConfigFile } from '../../config-file.js';
import { parsePairs } from '../../values/pairs.js';

/** `tranche config set`: adds a context, or changes it. */
export const registerConfigSet: Register = (config, cli) => {
  config
    .command('set')
    .description('add a context or change it: tranche config set prod url=https://tranche.example.org confirm=true')
    .argument('<CONTEXT>')
    .argument('<KEY=VALUE...>', 'url, token, tokenFile, user, password, ca, confirm; an empty value removes the key')
    .action(
      action(cli, async ({ io, note, flags }, [name = '', ...pairs]) => {
        const file = await readConfigFile(io);
        const entry: Record<string, unknown> = { ...file.contexts[name] };
        for (const [key, text] of Object.entries(parsePairs(pairs, 'config set'))) {
          if (text === '') delete entry[key];
          else entry[key] = key === 'confirm' ? toBoolean(text) : text;
        }
        const path = configPath(io);
        const changed = checkConfigFile({ ...file, contexts: { ...file.contexts, [name]: entry } }, path);
        if (flags.dryRun) return note(`would write context ${name} to ${path}`);
        const { stringify } = await import('yaml');
        await io.writeFile(path, stringify(changed));
        note(`context ${name} written to ${path}`);
      }),
    );
};

function toBoolean(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UsageError(`confirm: "${text}" is neither true nor false`);
}
