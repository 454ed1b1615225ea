import { readFileSync } from 'node:fs';
import { type ConfigOf, loadConfig, tlsOptions } from '@tranche/config';

/** What the processes of a cluster are started with: our own environment, and on top of it what makes them one cluster. */
export const environmentWith = (own: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...own,
});

/**
 * How the public address of separate processes is served: by the `TLS_` options, which its services and agents have from the same environment.
 *
 * @throws ConfigError naming all that is wrong with them
 */
export const readTlsConfig = (): ConfigOf<typeof tlsOptions> =>
  loadConfig(tlsOptions, { env: process.env, readFile: (path) => readFileSync(path, 'utf8') }).values;
