import { configPath } from '../../cli.config.js';
import { action, type Register } from '../../command-action.js';

/** `tranche config get`: what is in force, after flags, environment and file. */
export const registerConfigGet: Register = (config, cli) => {
  config
    .command('get')
    .description('print the settings that are in force; secrets are not shown')
    .action(
      action(cli, async ({ io, settings }) => {
        const shown = {
          file: configPath(io),
          context: settings.contextName,
          url: settings.url,
          user: settings.credential?.principal,
          token: settings.token === undefined ? undefined : '(set)',
          ca: settings.caFile,
          confirm: settings.mustConfirm,
          output: settings.output,
        };
        if (settings.output === 'json' || settings.output === 'jsonl') {
          io.stdout.write(`${JSON.stringify(shown, undefined, settings.output === 'json' ? 2 : undefined)}\n`);
          return;
        }
        for (const [name, value] of Object.entries(shown)) {
          io.stdout.write(`${name.padEnd(8)} ${value === undefined ? '-' : String(value)}\n`);
        }
      }),
    );
};
