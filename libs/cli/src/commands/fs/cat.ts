import { type TextOutput, writeAll } from '../../cli-io.js';
import { UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { filesPath, findTarget } from './sandbox-target.js';

/** `tranche fs cat`: a file of a task's sandbox, byte by byte. */
export const registerFsCat: Register = (fs, cli) => {
  fs.command('cat')
    .description("print files of tasks' sandboxes")
    .argument('<TASK:PATH...>', 'the task and the file in its sandbox, web.0:stdout')
    .action(
      action(cli, async ({ api, io, settings }, texts) => {
        for (const text of texts) {
          const { task, path } = await findTarget(api, text);
          if (path === '') throw new UsageError(`"${text}" names no file`, [`try: tranche fs cat ${text}:stdout`]);
          const body = await api.stream(filesPath(task, 'download'), { path, frameworkId: task.frameworkId });
          if (settings.output === 'json' || settings.output === 'jsonl') {
            const content = await readText(body);
            io.stdout.write(`${JSON.stringify({ task: task.id, path, content })}\n`);
          } else {
            await pipe(body, io.stdout);
          }
        }
      }),
    );
};

async function pipe(body: AsyncIterable<Buffer>, output: TextOutput): Promise<void> {
  for await (const chunk of body) await writeAll(output, chunk);
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
