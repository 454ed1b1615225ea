import { action, type Register } from '../../command-action.js';
import { isTable } from '../../output/list-view.js';
import { formatBytes } from '../../values/size.js';
import { planCopy } from './copy-plan.js';
import { download } from './download.js';
import { upload } from './upload.js';

/** `tranche cp`: files and folders between this machine and a task's sandbox. */
export const registerCp: Register = (program, cli) => {
  program
    .command('cp')
    .description("copy files and folders from or to a task's sandbox")
    .argument('<FROM>', 'TASK:PATH or a path of this machine')
    .argument('<TO>', 'the other of the two; a folder that is there takes the copy under its own name')
    .action(
      action(cli, async (context, [from = '', to = '']) => {
        const { direction, remote, local } = planCopy(from, to);
        if (direction === 'upload') await context.mayChange();
        const copied =
          direction === 'download' ? await download(context, remote, local) : await upload(context, local, remote);
        if (!isTable(context)) context.io.stdout.write(`${JSON.stringify(copied)}\n`);
        for (const line of copied.skipped) context.note(`left out ${line}`);
        const count = copied.files === 1 ? '1 file' : `${copied.files} files`;
        context.note(`${copied.to}: ${count}, ${formatBytes(copied.bytes)}`);
      }),
    );
};
