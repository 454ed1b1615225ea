import type { Started } from '@tranche/config';
import { runWithTracer } from '@tranche/telemetry';
import { hostFor, type HostOptions, type ServiceHost } from './service-host.js';

/** What a service is started with. */
export interface StartOptions<C> {
  readonly config: C;
  readonly host: ServiceHost;
}

/** What a service has to offer to be run in a process of its own. */
export interface Listening {
  readonly app: {
    listen(options: { host: string; port: number }): Promise<unknown>;
    getUrl(): Promise<string>;
  };
  stop(): Promise<void>;
}

type ProcessConfig = Omit<HostOptions, 'service'>;
type ListenConfig = ProcessConfig & { readonly httpHost: string; readonly httpPort: number };

/**
 * Runs something in a process of its own and ends the process with it. For `main.ts`.
 *
 * @param started what the process was started with; when that says so, only its text is printed
 * @param run settles when all is over: the exit code of the process, which is 1 when it rejects
 */
export async function runProcess<C extends ProcessConfig>(
  service: string,
  started: Started<C>,
  run: (options: StartOptions<C>) => Promise<number>,
): Promise<never> {
  if (started.kind === 'stop') {
    (started.exitCode === 0 ? process.stdout : process.stderr).write(`${started.text}\n`);
    process.exit(started.exitCode);
  }
  const { config } = started;
  const host = hostFor({ service, ...config });
  try {
    const exitCode = await runWithTracer(host.tracer, () => run({ config, host }));
    await host.close();
    process.exit(exitCode);
  } catch (error) {
    host.logger.error('ended by an error', { error });
    process.exit(1);
  }
}

/** Runs a service in a process of its own: starts it, listens, and stops it in good order at SIGINT and SIGTERM. */
export function runService<C extends ListenConfig>(
  service: string,
  started: Started<C>,
  start: (options: StartOptions<C>) => Promise<Listening>,
): Promise<never> {
  return runProcess(service, started, async ({ config, host }) => {
    const running = await start({ config, host });
    await running.app.listen({ host: config.httpHost, port: config.httpPort });
    host.logger.info('serving', { address: await running.app.getUrl() });
    await untilSignal();
    await running.stop();
    return 0;
  });
}

/** Settles at the first SIGINT or SIGTERM; the same once more ends the process at once, as by default. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
