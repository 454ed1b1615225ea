import { readConfigFile } from '../../cli.config.js';
import { action, type Register } from '../../command-action.js';
import { NOTHING } from '../../output/cells.js';
import { showList } from '../../output/show-list.js';

interface ContextRow {
  name: string;
  url: string;
  isCurrent: boolean;
}

/** `tranche config contexts`: the clusters of the configuration file. */
export const registerConfigContexts: Register = (config, cli) => {
  config
    .command('contexts')
    .description('list the clusters of the configuration file')
    .action(
      action(cli, async (context) => {
        const { current, contexts } = await readConfigFile(context.io);
        const rows = Object.entries(contexts).map(
          ([name, { url }]): ContextRow => ({ name, url, isCurrent: name === current }),
        );
        await showList(
          context,
          () => ({
            name: ({ name }) => name,
            whenEmpty: 'no contexts; tranche config set NAME url=http://... adds one',
            columns: [
              { title: 'CURRENT', cell: ({ isCurrent }) => (isCurrent ? '*' : NOTHING) },
              { title: 'NAME', cell: ({ name }) => name },
              { title: 'URL', cell: ({ url }) => url },
            ],
          }),
          async () => ({ items: rows, asOf: 0 }),
        );
      }),
    );
};
