import { spawnSync } from 'node:child_process';
import type { Terminal } from './cli-io.js';

/** The terminal of this process. Needs standard input and output to be one. */
export function processTerminal(): Terminal {
  const { stdin, stdout } = process;
  return {
    size: () => ({ rows: stdout.rows, columns: stdout.columns }),
    onResize(handle) {
      stdout.on('resize', handle);
      return () => stdout.off('resize', handle);
    },
    makeRaw() {
      const settings = stty('-g');
      stdin.setRawMode(true);
      // Node leaves the line feeds of output to be translated: to a full-screen program they mean one line down, and no more.
      stty('-opost');
      let isRaw = true;
      const restore = (): void => {
        if (!isRaw) return;
        isRaw = false;
        process.off('exit', restore);
        stdin.setRawMode(false);
        if (settings !== undefined) stty(settings);
      };
      process.on('exit', restore);
      return restore;
    },
  };
}

/** Node has no other way to these settings. @returns its answer; undefined where there is no stty */
function stty(argument: string): string | undefined {
  const { status, stdout } = spawnSync('stty', [argument], { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
