import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Register } from '../command-action.js';

/** The program of `npm start`, beside this one. */
const LOCAL = fileURLToPath(new URL('../../../local/dist/main.js', import.meta.url));

/** `tranche local [up|status|down|reset]`: hands on to the program of `npm start`, which has its own flags. */
export const registerLocal: Register = (program, cli) => {
  program
    .command('local')
    .description("this machine's cluster: up (as npm start), status, down, reset (up, forgetting all)")
    .argument('[words...]', 'up, status, down or reset, and its flags')
    .allowUnknownOption()
    .helpOption(false)
    .action(async () => {
      // As typed: flags that this program has too are meant for that one.
      const words = cli.args.slice(cli.args.indexOf('local') + 1);
      const child = spawn(process.execPath, ['--enable-source-maps', LOCAL, ...words], { stdio: 'inherit' });
      // The terminal's Ctrl-C reaches it by itself; we only must not die of it before it.
      cli.io.onSignal('SIGINT', () => undefined);
      cli.io.onSignal('SIGTERM', () => void child.kill('SIGTERM'));
      cli.exitCode = await new Promise<number>((resolve) => {
        child.once('error', () => resolve(125));
        child.once('exit', (code) => resolve(code ?? 1));
      });
    });
};
