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
        const isDry = context.flags.dryRun === true;
        if (direction === 'upload' && !isDry) await context.mayChange();
        const copied =
          direction === 'download' ? await download(context, remote, local) : await upload(context, local, remote);
        if (!isTable(context)) context.io.stdout.write(`${JSON.stringify(copied)}\n`);
        for (const line of copied.skipped) context.note(`left out ${line}`);
        const count = copied.files === 1 ? '1 file' : `${copied.files} files`;
        const what = `${copied.to}: ${count}, ${formatBytes(copied.bytes)}`;
        if (!isDry) context.note(what);
        else if (isTable(context)) context.io.stdout.write(`would copy ${copied.from} to ${what}\n`);
      }),
    );
};
