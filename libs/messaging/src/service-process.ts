import type { AuthSettings, Started, TlsSettings } from '@tranche/config';
import type { ServiceName } from '@tranche/contracts';
import { serveApp } from '@tranche/http';
import { type Logger, runWithTracer } from '@tranche/telemetry';
import type { RabbitProcess } from './rabbit/rabbit-host.js';
import { rehearse } from './replica/rehearse.js';
import type { Router } from './replica/router.js';
import { type ReplicaApp, runReplica } from './replica/run-replica.js';
import { type HostOptions, processFor, type ServiceHost } from './service-host.js';
import { onSupervisorGone, tellSupervisor } from './supervisor-link.js';

/** What a service is started with. */
export interface StartOptions<C> {
  readonly config: C;
  readonly host: ServiceHost;
  /** Where each option came from, for `/v1/settings`; absent when the service is started within another program. */
  readonly origins?: Origins;
}

/** What a process was started with that is to run. */
type Running<C> = Extract<Started<C>, { kind: 'run' }>;

type Origins = Readonly<Record<string, 'environment' | 'file' | 'default'>>;

/** What a service has to offer to be run in a process of its own. */
export interface Listening {
  readonly app: ReplicaApp & {
    init(): Promise<unknown>;
    listen(options: { host: string; port: number }): Promise<unknown>;
    getUrl(): Promise<string>;
  };
  stop(): Promise<void>;
}

type ProcessConfig = Omit<HostOptions, 'service'> & { readonly shutdownGraceMs: number };
type ListenConfig = ProcessConfig &
  TlsSettings &
  Pick<AuthSettings, 'authFirewallRules'> & { readonly httpHost: string; readonly httpPort: number };

/**
 * Runs something in a process of its own and ends the process with it. For `main.ts`.
 *
 * @param started what the process was started with; when that says so, only its text is printed
 * @param run settles when all is over: the exit code of the process, which is 1 when it rejects
 */
export function runProcess<C extends ProcessConfig>(
  service: string,
  started: Started<C>,
  run: (options: StartOptions<C>) => Promise<number>,
): Promise<never> {
  return runAtBroker(service, started, ({ config, origins }, { host }) => run({ config, host, origins }));
}

async function runAtBroker<C extends ProcessConfig>(
  service: string,
  started: Started<C>,
  run: (started: Running<C>, at: ReturnType<typeof processFor>) => Promise<number>,
): Promise<never> {
  if (started.kind === 'stop') {
    (started.exitCode === 0 ? process.stdout : process.stderr).write(`${started.text}\n`);
    process.exit(started.exitCode);
  }
  const at = processFor({ service, ...started.config });
  try {
    const exitCode = await runWithTracer(at.host.tracer, () => run(started, at));
    await at.host.close();
    await at.host.tracer.flush();
    process.exit(exitCode);
  } catch (error) {
    at.host.logger.error('ended by an error', { error });
    await at.host.tracer.flush();
    process.exit(1);
  }
}

/** How the work of a service is shared among its replicas. */
export interface Sharing {
  /** Into how many partitions it is cut. */
  readonly count: number;
  readonly router: Router;
}

/**
 * Runs a service in a process of its own: starts it, listens, and stops it in good order at SIGINT and SIGTERM.
 *
 * Over RabbitMQ the process is one replica of the service: it works on what the broker elects it for, and until then waits and relays.
 *
 * @param shared of a service whose replicas share its work; absent: one of them does all of it
 */
export function runService<C extends ListenConfig>(
  service: Exclude<ServiceName, 'agent'>,
  started: Started<C>,
  start: (options: StartOptions<C>) => Promise<Listening>,
  shared?: (config: C) => Sharing,
): Promise<never> {
  return runAtBroker(service, started, async ({ config, origins, settings }, at) => {
    const { logger } = at.host;
    let hasBegun = false;
    const startWith = (host: ServiceHost): Promise<Listening> => start({ config, host, origins });
    const begin = (host: ServiceHost): Promise<Listening> => {
      hasBegun = true;
      return startWith(host);
    };
    const sharing = shared?.(config) ?? { count: 1 };
    const signalled = untilSignal();
    const starting =
      'standby' in at
        ? runAsReplica(service, config, { at, sharing, start: begin, settings })
        : runAlone(config, at, begin);
    const isStarted = await Promise.race([starting.then(() => true), signalled.then(() => false)]);
    if (isStarted && 'standby' in at) void rehearse(service, startWith, { hasBegun: () => hasBegun, logger });
    const signal = await signalled;
    logger.info('stopping', { signal, graceMs: config.shutdownGraceMs });
    // Who is told to end while it starts gets to its start's end first: nothing is left half done.
    const stopping = starting.then((stop) => stop());
    return withinGrace(stopping, config.shutdownGraceMs, logger);
  });
}

async function runAlone(
  config: ListenConfig,
  { host }: { readonly host: ServiceHost },
  start: (host: ServiceHost) => Promise<Listening>,
): Promise<() => Promise<void>> {
  const running = await start(host);
  const { logger, metrics } = host;
  const at = { host: config.httpHost, port: config.httpPort };
  const { url: address, close } = await serveApp(running.app, at, { tls: config, logger, metrics });
  logger.info('serving', { address });
  tellSupervisor({ address });
  return () => running.stop().finally(close);
}

const runAsReplica = (
  service: Exclude<ServiceName, 'agent'>,
  config: ListenConfig,
  {
    at,
    sharing,
    start,
    settings,
  }: {
    readonly at: RabbitProcess;
    readonly settings: Running<unknown>['settings'];
    readonly sharing: Pick<Sharing, 'count'> & Partial<Sharing>;
    readonly start: (host: ServiceHost) => Promise<Listening>;
  },
): Promise<() => Promise<void>> =>
  runReplica({
    service,
    ...sharing,
    process: at,
    address: { host: config.httpHost, port: config.httpPort },
    ...{ tls: config, auth: config },
    onListening: (url) => tellSupervisor({ address: url }),
    ...{ settings, start },
  });

/**
 * The exit code of a process that is told to end: 0 when it could end in good order.
 *
 * @param graceMs the process ends with 1 after this, whatever has not been finished
 */
export async function withinGrace(stopping: Promise<void>, graceMs: number, logger: Logger): Promise<0 | 1> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), graceMs);
  });
  const outcome = await Promise.race([stopping.then(() => 'stopped' as const), late]);
  clearTimeout(timer);
  if (outcome === 'late') logger.error('not everything was finished within the grace', { graceMs });
  else logger.info('stopped');
  return outcome === 'late' ? 1 : 0;
}

/** Settles at the first SIGINT or SIGTERM; the same once more ends the process at once, as by default. */
function untilSignal(): Promise<NodeJS.Signals | 'supervisor gone'> {
  return new Promise((resolve) => {
    onSupervisorGone(() => resolve('supervisor gone'));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}
