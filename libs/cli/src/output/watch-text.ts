import { LostConnection } from '../api/lost-connection.js';
import type { CliContext } from '../cli-context.js';
import type { TextOutput } from '../cli-io.js';
import { EXIT_CODES } from '../exit-code.js';
import { isTable } from './list-view.js';
import { CLEAR_SCREEN, INTERVAL_MS, untilAnswered } from './watch-list.js';

/**
 * Does again and again what a command does once, until Ctrl-C: on a terminal what it prints for people is drawn again, elsewhere it is printed
 * when it is another than before. Each remark on standard error is made once.
 *
 * @returns exit code
 */
export async function watchText(
  context: CliContext,
  show: (context: CliContext) => Promise<number | void>,
): Promise<number> {
  const { io } = context;
  const stop = new AbortController();
  const ignoreSignal = io.onSignal('SIGINT', () => stop.abort());
  const noted = new Set<string>();
  const note = (line: string): void => {
    if (!noted.has(line)) context.note(line);
    noted.add(line);
  };
  const connection = new LostConnection(context);
  const draw = async (): Promise<Page> => {
    const page = new Page(io.stdout);
    await show({ ...context, note, io: Object.create(io, { stdout: { value: page } }) as typeof io });
    return page;
  };
  let last: string | undefined;
  try {
    do {
      const page = await untilAnswered(connection, draw, stop.signal);
      if (page === undefined) break;
      if (page.text !== last) {
        const isDrawn = io.stdout.isTTY === true && isTable(context);
        io.stdout.write(isDrawn ? `${CLEAR_SCREEN}${page.text}` : page.text);
      }
      last = page.text;
    } while (await io.sleep(INTERVAL_MS, stop.signal));
  } finally {
    ignoreSignal();
  }
  return EXIT_CODES.done;
}

/** What is printed in one go, for an output like the real one. */
class Page implements TextOutput {
  text = '';

  constructor(private readonly target: TextOutput) {}

  get isTTY(): boolean {
    return this.target.isTTY === true;
  }

  get columns(): number {
    return this.target.columns ?? 80;
  }

  write(data: string | Uint8Array): boolean {
    this.text += typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
    return true;
  }
}
