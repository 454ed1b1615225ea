import { LostConnection } from '../api/lost-connection.js';
import type { CliContext } from '../cli-context.js';
import { type ShownList, isTable, renderList } from './list-view.js';

/** Short enough to look immediate, long enough to cost a cluster nothing. */
export const INTERVAL_MS = 1000;

export const CLEAR_SCREEN = '\u001b[H\u001b[2J';

/**
 * Prints a list until Ctrl-C: on a terminal the table is drawn again, elsewhere each new or changed item is printed.
 */
export async function watchList<T>(context: CliContext, fetch: () => Promise<ShownList<T>>): Promise<void> {
  const { io } = context;
  const stop = new AbortController();
  const ignoreSignal = io.onSignal('SIGINT', () => stop.abort());
  const seen = new Map<string, string>();
  const connection = new LostConnection(context);
  try {
    do {
      const list = await untilAnswered(connection, fetch, stop.signal);
      if (list === undefined) break;
      if (io.stdout.isTTY && isTable(context)) {
        io.stdout.write(`${CLEAR_SCREEN}${renderList(context, list) || `${list.view.whenEmpty}\n`}`);
      } else {
        printChanges(context, list, seen);
      }
    } while (await io.sleep(INTERVAL_MS, stop.signal));
  } finally {
    ignoreSignal();
  }
}

/** What is asked for, if need be when the cluster is there again. @returns undefined when the signal has ended that */
export async function untilAnswered<T>(
  connection: LostConnection,
  ask: () => Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  for (;;) {
    try {
      const answer = await ask();
      connection.works();
      return answer;
    } catch (error) {
      if (!(await connection.wait(error, signal))) return undefined;
    }
  }
}

function printChanges<T>(context: CliContext, list: ShownList<T>, seen: Map<string, string>): void {
  const changed = list.items.filter((item) => {
    const name = list.view.name(item);
    const text = JSON.stringify(item);
    if (seen.get(name) === text) return false;
    seen.set(name, text);
    return true;
  });
  if (changed.length === 0) return;
  context.io.stdout.write(renderList(context, { ...list, items: changed }));
}
