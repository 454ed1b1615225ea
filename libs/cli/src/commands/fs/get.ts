import { basename } from 'node:path';
import { unreachable } from '../../api/http-exchange.js';
import { UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { filesPath, findTarget } from './sandbox-target.js';

/** `tranche fs get`: a file of a task's sandbox as a file here. */
export const registerFsGet: Register = (fs, cli) => {
  fs.command('get')
    .description("copy a file of a task's sandbox to this machine")
    .argument('<TASK:PATH>', 'the task and the file in its sandbox, web.0:stdout')
    .argument('[FILE]', 'where to; default its own name, in this folder')
    .action(
      action(cli, async ({ api, io, note, flags }, [text = '', file]) => {
        const { task, path } = await findTarget(api, text);
        if (path === '') throw new UsageError(`"${text}" names no file`, [`try: tranche fs get ${text}:stdout`]);
        const target = file ?? basename(path);
        const body = await api.stream(filesPath(task, 'download'), { path, frameworkId: task.frameworkId });
        if (flags.dryRun) {
          body.destroy();
          io.stdout.write(`would write ${target}: ${path} of ${task.name}\n`);
          return;
        }
        await io.saveFile(target, whole(body, api.url));
        note(`${target}: ${path} of ${task.name}`);
      }),
    );
};

/** The bytes of an answer. @throws ClusterUnreachableError when it breaks off */
async function* whole(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw unreachable(url, error);
  }
}
