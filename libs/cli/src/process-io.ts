import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { processEnvironment } from './cli.config.js';
import type { CliIo, TextInput, TextOutput } from './cli-io.js';
import { saveFile } from './local-files.js';
import { processTerminal } from './process-terminal.js';

/** The user's name; of one without an entry in the user table, as containers have, its number. */
export function ownName(look: () => { readonly username: string }): string {
  try {
    return look().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** The streams, signals, files and time of this process. */
export function processIo(): CliIo {
  return {
    stdout: textOutput(process.stdout),
    stderr: textOutput(process.stderr),
    env: processEnvironment(),
    userName: ownName(userInfo),
    homeFolder: homedir(),
    // As in @tranche/scheduler, which would be half of the start-up time of a short command.
    clock: {
      nowMs: () => Date.now(),
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    sleep: (ms, signal) => wait(ms, true, { signal }).catch(() => false),
    openInput,
    inputKind: inputKind(),
    terminal: process.stdin.isTTY && process.stdout.isTTY ? processTerminal() : undefined,
    canAsk: process.stdin.isTTY && process.stderr.isTTY,
    ask,
    nodeVersion: process.version,
    randomHex: (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString('hex')
        .slice(0, digits),
    onSignal(signal, handle) {
      process.on(signal, handle);
      return () => process.off(signal, handle);
    },
    readFile: async (path) => (path === '-' ? readStandardInput() : readIfThere(path)),
    async writeFile(path, text) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
    saveFile,
  };
}

/** A stream of this process as an output of commands. */
export function textOutput(
  stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'> & NodeJS.EventEmitter,
): TextOutput {
  return {
    write: (data) => stream.write(data),
    drained: () => drained(stream),
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
  };
}

/** A stream that is closed has no use for what is written, so there is no need to wait any more. Leaves no listener behind. */
async function drained(stream: NodeJS.EventEmitter): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  const either = Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
  await either.catch(() => undefined);
  settled.abort();
}

/** Not a terminal interface: readline would take Ctrl-C for itself. */
function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, terminal: false });
  process.stderr.write(`${question} [y/N] `);
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(/^y(es)?$/i.test(line.trim()));
      lines.close();
    });
    lines.once('close', () => resolve(false));
  });
}

function inputKind(): CliIo['inputKind'] {
  try {
    const input = fstatSync(0);
    if (input.isFile()) return 'file';
    return input.isFIFO() ? 'pipe' : 'other';
  } catch {
    // It is closed.
    return 'other';
  }
}

function openInput(): TextInput {
  const { stdin } = process;
  return { chunks: chunksOf(stdin), close: () => void stdin.destroy() };
}

/** Ends without an error when the input is closed meanwhile, or breaks, as a terminal does whose window is closed. */
async function* chunksOf(stdin: NodeJS.ReadStream): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stdin) yield chunk as Buffer;
  } catch {
    // Nothing more comes.
  }
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
