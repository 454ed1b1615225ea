import type { ChildProcess } from 'node:child_process';

/** Lines of a server's log that are shown when it does not start. */
const SHOWN_LINES = 12;

/**
 * Waits until a process has written something.
 *
 * Its output is read, and dropped, for as long as it lives: a full pipe would stop it.
 *
 * @throws Error with its last lines when it ends before, or takes longer than `timeoutMs`
 */
export function untilLine(child: ChildProcess, name: string, expected: RegExp, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let lines: string[] = [];
    let rest = '';
    const settle = (error?: string): void => {
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(new Error([`${name} ${error}`, ...lines].join('\n  ')));
    };
    const timer = setTimeout(() => settle(`has not started within ${timeoutMs} ms`), timeoutMs);
    const read = (chunk: Buffer): void => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      lines = [...lines, ...parts].slice(-SHOWN_LINES);
      if (parts.some((line) => expected.test(line))) settle();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => settle(`cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => settle(`ended with ${code ?? signal} before it was ready`));
  });
}
