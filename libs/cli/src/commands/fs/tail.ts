import { LostConnection } from '../../api/lost-connection.js';
import { UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { copyLog } from '../log-stream.js';
import { findTarget } from './sandbox-target.js';

const DEFAULT_LINES = 10;

interface TailFlags {
  follow?: boolean;
  lines?: string;
}

/** `tranche fs tail`: the end of a file of a task's sandbox, and with `-f` what is added to it. */
export const registerFsTail: Register = (fs, cli) => {
  fs.command('tail')
    .description("print the end of a file of a task's sandbox")
    .argument('<TASK:PATH>', 'the task and the file in its sandbox, web.0:server.log')
    .option('-f, --follow', 'go on printing until the task has ended')
    .option('-n, --lines <N>', `begin N lines before the end (default ${DEFAULT_LINES})`)
    .action(
      action<TailFlags>(cli, async (context, [text = ''], { follow = false, lines }) => {
        const tail = lines === undefined ? DEFAULT_LINES : checkLines(lines);
        const { task, path } = await findTarget(context.api, text);
        if (path === '') throw new UsageError(`"${text}" names no file`, [`try: tranche fs tail ${text}:stdout`]);
        const stop = new AbortController();
        const ignoreSignal = context.io.onSignal('SIGINT', () => stop.abort());
        try {
          const copy = { follow, tail, signal: stop.signal, connection: new LostConnection(context) };
          await copyLog(context, { task, stream: 'stdout', path, ...copy }, context.io.stdout);
        } finally {
          ignoreSignal();
        }
        return stop.signal.aborted ? EXIT_CODES.interrupted : EXIT_CODES.done;
      }),
    );
};

function checkLines(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`-n: "${text}" is no whole number`);
}
