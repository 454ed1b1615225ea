import { action, type Register } from '../../command-action.js';
import { isTable, type ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { formatBytes } from '../../values/size.js';
import { baseName, browse, type BrowseEntry, findTarget } from './sandbox-target.js';

/** `tranche fs ls`: what is in a task's sandbox, also after the task has ended. */
export const registerFsLs: Register = (fs, cli) => {
  fs.command('ls')
    .description("list a folder of a task's sandbox")
    .argument('<TASK[:PATH]>', 'the task, and a folder in its sandbox')
    .action(
      action(cli, async (context, [text = '']) => {
        const { task, path } = await findTarget(context.api, text);
        if (task.sandboxUntil !== undefined && isTable(context)) {
          context.note(`the sandbox stays until ${task.sandboxUntil}, if its room is not needed before`);
        }
        await showList(
          context,
          () => fileListView(path),
          async () => ({ items: await browse(context.api, { task, path }), asOf: 0 }),
        );
      }),
    );
};

function fileListView(folder: string): ListView<BrowseEntry> {
  return {
    name: (file) => baseName(file),
    whenEmpty: `${folder || 'the sandbox'} is empty`,
    columns: [
      { title: 'MODE', cell: ({ mode }) => mode },
      { title: 'OWNER', cell: ({ uid }) => uid },
      { title: 'SIZE', cell: ({ size }) => formatBytes(size), order: ({ size }) => size, align: 'right' },
      { title: 'MODIFIED', cell: ({ mtime }) => isoSeconds(mtime) },
      { title: 'NAME', cell: (file) => (file.mode.startsWith('d') ? `${baseName(file)}/` : baseName(file)) },
    ],
  };
}

function isoSeconds(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
