import { LostConnection } from '../../api/lost-connection.js';
import type { CliContext } from '../../cli-context.js';
import { NotFoundError, RefusedError, UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { untilAnswered } from '../../output/watch-list.js';
import { chooseAgent } from './choose-agents.js';

/** Under which an agent shows its own log. @source classic endpoints: files */
const LOG_PATH = '/slave/log';
const CHUNK_BYTES = 64 << 10;
const INTERVAL_MS = 300;
const DEFAULT_LINES = 100;
/** Longer lines than this on average are not found all. */
const BYTES_PER_LINE = 512;

interface LogFlags {
  follow?: boolean;
  lines?: string;
}

interface Chunk {
  readonly data: string;
  readonly offset: number;
}

/** `tranche agent logs`: what the agent itself has logged. */
export const registerAgentLogs: Register = (agent, cli) => {
  agent
    .command('logs')
    .description("print the end of an agent's own log, and with -f what is added")
    .argument('<AGENT>', 'a host name, an id or a short id')
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('-n, --lines <N>', `the last N lines (default ${DEFAULT_LINES})`)
    .action(
      action<LogFlags>(cli, async (context, [name = ''], { follow = false, lines = String(DEFAULT_LINES) }) => {
        if (!/^\d+$/.test(lines)) throw new UsageError(`-n: "${lines}" is no whole number`);
        const { id, hostname } = await chooseAgent(context, name);
        const read = (offset: number): Promise<Chunk> => readLog(context, id, hostname, offset);
        const { offset: size } = await read(-1);
        const end = await lastLines(read, size, Number(lines));
        context.io.stdout.write(end);
        return follow ? followLog(context, read, size) : EXIT_CODES.done;
      }),
    );
};

async function readLog({ api }: CliContext, id: string, hostname: string, offset: number): Promise<Chunk> {
  const query = { path: LOG_PATH, offset, ...(offset >= 0 && { length: CHUNK_BYTES }) };
  try {
    return await api.get<Chunk>(`/v1/agents/${encodeURIComponent(id)}/files/read`, query);
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 404) throw error;
    throw new NotFoundError(`agent ${hostname} keeps no log in a file`, [
      'it writes to its standard output, where whatever started it has it: journalctl, kubectl logs, or the terminal of npm start',
      'AGENT_LOG_FILE names the file that it shall show here',
    ]);
  }
}

async function lastLines(read: (offset: number) => Promise<Chunk>, size: number, lines: number): Promise<string> {
  if (lines === 0) return '';
  let text = '';
  for (let at = Math.max(0, size - lines * BYTES_PER_LINE); at < size; ) {
    const { data } = await read(at);
    if (data === '') break;
    text += data;
    at += Buffer.byteLength(data);
  }
  const all = text.split(/(?<=\n)/);
  return all.slice(-lines).join('');
}

async function followLog(context: CliContext, read: (offset: number) => Promise<Chunk>, from: number): Promise<number> {
  const { io } = context;
  const stop = new AbortController();
  const ignoreSignal = io.onSignal('SIGINT', () => stop.abort());
  const connection = new LostConnection(context);
  // The first bytes were read already: it is known to work.
  connection.works();
  let at = from;
  try {
    for (;;) {
      const chunk = await untilAnswered(connection, () => read(at), stop.signal);
      if (chunk === undefined) return EXIT_CODES.interrupted;
      const { data } = chunk;
      io.stdout.write(data);
      at += Buffer.byteLength(data);
      if (data === '' && !(await io.sleep(INTERVAL_MS, stop.signal))) return EXIT_CODES.interrupted;
      if (stop.signal.aborted) return EXIT_CODES.interrupted;
    }
  } finally {
    ignoreSignal();
  }
}
