import { configPath, readConfigFile } from '../../cli.config.js';
import { NotFoundError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';

/** `tranche config use`: which cluster commands go to when none is named. */
export const registerConfigUse: Register = (config, cli) => {
  config
    .command('use')
    .description('choose the context that is used when none is named')
    .argument('<CONTEXT>')
    .action(
      action(cli, async ({ io, note, flags }, [name = '']) => {
        const file = await readConfigFile(io);
        const entry = file.contexts[name];
        if (!entry) {
          const names = Object.keys(file.contexts);
          const details = names.length > 0 ? [`contexts: ${names.join(' ')}`] : [];
          throw new NotFoundError(`there is no context "${name}"`, details, { text: name, names });
        }
        if (flags.dryRun) return note(`would use ${name}: ${entry.url}`);
        const { stringify } = await import('yaml');
        await io.writeFile(configPath(io), stringify({ ...file, current: name }));
        note(`using ${name}: ${entry.url}`);
      }),
    );
};
