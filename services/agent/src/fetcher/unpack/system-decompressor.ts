import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { BadArchiveError } from '../fetcher.errors.js';

/** How much of what the program says goes into an error message. */
const MAX_MESSAGE_CHARS = 500;

const PACKAGES = { bzip2: 'bzip2', xz: 'xz-utils' } as const;

/**
 * Decompresses by a program of the system, for formats that Node has no code for.
 *
 * @throws while it is read: when the system has no such program, or when it finds the bytes broken
 */
export async function* decompressBySystem(source: Readable, program: 'bzip2' | 'xz'): AsyncGenerator<Buffer> {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MAX_MESSAGE_CHARS);
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      const message = `needs the program ${program}, which the agent's machine lacks (package ${PACKAGES[program]})`;
      reject(isMissing ? new Error(message, { cause: error }) : error);
    });
    child.on('close', (status, signal) => {
      if (status === 0) return resolve();
      reject(new BadArchiveError(said.trim() || `${program} ended with ${signal ?? `status ${status}`}`));
    });
  });
  ended.catch(() => undefined);
  // A program that ends early closes the pipe: its own words say why.
  child.stdin.on('error', () => undefined);
  source.on('error', (error) => child.stdout.destroy(error)).pipe(child.stdin);
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    await ended;
  } finally {
    source.destroy();
    child.kill('SIGKILL');
  }
}
