import { ClusterUnreachableError } from '../cli.errors.js';
import { showing, type Register } from '../command-action.js';
import { EXIT_CODES } from '../exit-code.js';
import { VERSION } from '../version.js';

/** `GET /version`, of which more is printed with `--json`. */
interface ClusterVersion {
  version: string;
}

/** `tranche version`: of this program and of the cluster. */
export const registerVersion: Register = (program, cli) => {
  program
    .command('version')
    .description('print the versions of this program and of the cluster')
    .action(
      showing(cli, async ({ api, io, settings }) => {
        const cluster = await api.get<ClusterVersion>('/version').catch((error: unknown) => {
          if (error instanceof ClusterUnreachableError) return error;
          throw error;
        });
        const isMissing = cluster instanceof ClusterUnreachableError;
        if (settings.output === 'json' || settings.output === 'jsonl') {
          const document = { client: { version: VERSION }, cluster: isMissing ? null : cluster };
          io.stdout.write(`${JSON.stringify(document, undefined, settings.output === 'json' ? 2 : undefined)}\n`);
        } else {
          io.stdout.write(
            `tranche  ${VERSION}\ncluster  ${isMissing ? cluster.message : `${cluster.version} at ${settings.url}`}\n`,
          );
        }
        return isMissing ? EXIT_CODES.unreachable : EXIT_CODES.done;
      }),
    );
};
