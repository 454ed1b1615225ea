import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { showOne } from '../../output/show-one.js';
import { bundleParts } from './bundle-parts.js';

interface BundleFlags {
  file?: string;
}

/** `tranche debug bundle`: what somebody needs who is to find out what is wrong. */
export const registerDebugBundle: Register = (debug, cli) => {
  debug
    .command('bundle')
    .description('put state, settings without secrets, metrics, recent logs, explanations and traces into one archive')
    .option('--file <FILE>', 'where to; -o FILE is the same')
    .action(
      action<BundleFlags>(cli, async (context, _names, { file }) => {
        const stamp = new Date(context.io.clock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
        const folder = `tranche-debug-${stamp}`;
        const path = file ?? `${folder}.tar.gz`;
        if (context.flags.dryRun) {
          context.io.stdout.write(`would write ${path}\n`);
          return EXIT_CODES.done;
        }
        const archive = pack();
        let parts = 0;
        const missing: string[] = [];
        const filled = (async () => {
          for await (const { name, text } of bundleParts(context)) {
            parts += 1;
            if (name.endsWith('.missing.txt')) missing.push(name.replace('.missing.txt', ''));
            archive.entry({ name: `${folder}/${name}`, mode: 0o600 }, text);
          }
          archive.finalize();
        })();
        const saved = context.io.saveFile(path, archive.pipe(createGzip()));
        filled.catch((error: unknown) => archive.destroy(error as Error));
        await Promise.all([filled, saved]);
        if (missing.length > 0) context.note(`without ${missing.join(', ')}: the archive says why`);
        showOne(context, { file: path, parts, missing }, path, () => `${path}: ${parts} files\n`);
        return EXIT_CODES.done;
      }),
    );
};
