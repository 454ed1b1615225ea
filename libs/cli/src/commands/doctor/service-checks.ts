import type { QueueView, ServiceView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { CliError } from '../../cli.errors.js';
import { VERSION } from '../../version.js';
import { type Finding, failed, ok, warning } from './finding.js';
import { sumByLabel } from './read-metrics.js';

const SLOW_MS = 1_000;

/** A queue with more is not kept up with: a message is handled within milliseconds. */
const MANY_MESSAGES = 1_000;

/** Each service by something small that only it answers. */
const SERVICES = {
  registry: '/v1/agents',
  offers: '/v1/offers',
  allocator: '/v1/shares',
  quota: '/v1/weights',
} as const;

/** Goes on without: what it says then. */
const USABLE = 'usable: ';

const RUNBOOK = 'docs/runbook.md says how to look at them';

/** Services, their partitions and replicas, as they describe themselves. */
const listed = async ({ api }: CliContext): Promise<readonly ServiceView[]> =>
  (await api.list<ServiceView>('/v1/services')).items;

/** Whether each service answers what it owns, how fast, and whether it, each of its partitions and its replicas have what they depend on. */
export async function checkServices(context: CliContext): Promise<Finding[]> {
  const { items } = await attemptList(context);
  return Promise.all(
    Object.entries(SERVICES).map(async ([service, path]) => {
      const check = `service ${service}`;
      const startMs = context.io.clock.nowMs();
      const found = await attempt(() => context.api.get(path, { limit: 1 }));
      const tookMs = context.io.clock.nowMs() - startMs;
      const parts = items.filter((part) => part.service === service);
      if (typeof found === 'string')
        return failed(
          check,
          [found, ...troubles(parts)].join('; '),
          `its log says why; is a process of ${service} running?`,
        );
      return judged(check, service, parts, tookMs);
    }),
  );
}

function judged(check: string, service: string, parts: readonly ServiceView[], tookMs: number): Finding {
  const wrong = troubles(parts);
  if (wrong.length > 0) {
    const log = `tranche api GET /v1/services/${parts.find(({ ready }) => !ready)?.id ?? service}/logs`;
    return parts.some(({ ready, role, missing }) => !ready && role !== 'standby' && !isLeaving(missing, parts))
      ? failed(check, wrong.join('; '), log)
      : warning(check, wrong.join('; '), log);
  }
  const versions = [...new Set(parts.map(({ version }) => version))].filter(
    (one) => one !== undefined && one !== VERSION,
  );
  if (versions.length > 0) return warning(check, `of version ${versions.join(', ')} also`, 'let the update end');
  const has = [...new Set(parts.flatMap(({ dependencies }) => Object.keys(dependencies)))];
  const waiting = parts.filter(({ role }) => role === 'standby').length;
  const text = [
    `answers in ${tookMs} ms`,
    ...(has.length === 0 ? [] : [`has ${has.join(', ')}`]),
    ...(waiting === 0 ? [] : [`${waiting} more ${waiting === 1 ? 'waits' : 'wait'}`]),
  ].join('; ');
  return tookMs > SLOW_MS ? warning(check, text, 'tranche trace ls --slow 1s') : ok(check, text);
}

/** A replica that has ended a moment ago is still listed, while others work. */
const isLeaving = (missing: string | undefined, parts: readonly ServiceView[]): boolean =>
  missing !== undefined && parts.some(({ ready, role }) => ready && role === 'active');

/** What is not as it should be, each with who says it. */
const troubles = (parts: readonly ServiceView[]): string[] =>
  parts.flatMap(({ id, missing, dependencies }) => [
    ...(missing === undefined ? [] : [`${id} ${missing}`]),
    ...Object.entries(dependencies).flatMap(([name, state]) => (state === true ? [] : [`${id}: ${name}: ${state}`])),
  ]);

/** What services depend on, the broker and the databases among it, as they say themselves: one line for each thing. */
export async function checkDependencies(context: CliContext): Promise<Finding[]> {
  const said = (await listed(context)).flatMap(({ id, dependencies }) =>
    Object.entries(dependencies).map(([name, state]) => ({ id, name, state })),
  );
  const byName = Map.groupBy(said, ({ name }) => name);
  // Services that share a process have none to depend on.
  const broker = byName.has('broker') ? [] : [ok('broker', 'in process')];
  const others = [...byName].map(([name, of]) => {
    const wrong = of.filter(({ state }) => state !== true);
    if (wrong.length === 0) return ok(name, `there, for ${of.map(({ id }) => id).join(', ')}`);
    const text = wrong.map(({ id, state }) => `${id}: ${state}`).join('; ');
    return wrong.every(({ state }) => String(state).startsWith(USABLE))
      ? warning(name, text, 'it goes on without; its log says more')
      : failed(name, text, `see whether ${name} runs and can be reached from ${wrong.map(({ id }) => id).join(', ')}`);
  });
  return [...broker, ...others];
}

/** Messages that nobody could take, how long others waited, and how many wait now. */
export async function checkQueues(context: CliContext): Promise<Finding[]> {
  const { api } = context;
  const parts = (await listed(context)).filter(({ missing }) => missing === undefined);
  const counted = await Promise.all(parts.map(async ({ id }) => ({ id, text: (await metricsOf(context, id)) ?? '' })));
  const { items: queues } = await api.list<QueueView>('/v1/queues');
  return [deadLetters(counted, queues), waits(counted), depths(queues)];
}

interface Counted {
  readonly id: string;
  readonly text: string;
}

async function metricsOf({ api }: CliContext, id: string): Promise<string | undefined> {
  const { status, body } = await api.raw('GET', `/v1/services/${encodeURIComponent(id)}/metrics`);
  return status < 400 ? body.toString('utf8') : undefined;
}

function deadLetters(counted: readonly Counted[], queues: readonly QueueView[]): Finding {
  const dead = counted.flatMap(({ id, text }) =>
    [...sumByLabel(text, 'tranche_dead_letters_total', 'message')]
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} of ${name} at ${id}`),
  );
  const kept = queues.find(({ name }) => name === 'dead-letters')?.messages ?? 0;
  if (dead.length === 0 && kept === 0) return ok('dead letters', 'none');
  const atBroker = kept === 0 ? [] : [`${kept} kept by the broker`];
  return warning('dead letters', [...dead, ...atBroker].join(', '), RUNBOOK);
}

function waits(counted: readonly Counted[]): Finding {
  const averages = counted.flatMap(({ id, text }) => {
    const sums = sumByLabel(text, 'tranche_message_queue_seconds_sum', 'message');
    return [...sumByLabel(text, 'tranche_message_queue_seconds_count', 'message')].flatMap(([message, count]) =>
      count === 0 ? [] : [{ id, message, ms: ((sums.get(message) ?? 0) / count) * 1_000 }],
    );
  });
  const [slowest] = averages.toSorted((a, b) => b.ms - a.ms);
  if (slowest === undefined) return ok('waits', 'nothing was sent yet');
  const { id, message, ms } = slowest;
  return ms > SLOW_MS
    ? warning(
        'waits',
        `${message} waits ${(ms / 1_000).toFixed(1)} s on average before ${id} takes it`,
        'tranche trace ls --slow 1s',
      )
    : ok('waits', `at most ${ms.toFixed(0)} ms on average (${message} at ${id})`);
}

function depths(queues: readonly QueueView[]): Finding {
  const served = queues.filter(({ name }) => name !== 'dead-letters');
  const bad = served.flatMap(({ name, messages, consumers }) => {
    if (messages > 0 && consumers === 0) return [`${name} has ${messages} messages and nobody who takes them`];
    return messages > MANY_MESSAGES ? [`${name} has ${messages} messages`] : [];
  });
  if (bad.length > 0)
    return warning('queues', bad.join('; '), 'docs/runbook.md: is its service running, and keeping up?');
  const [deepest] = served.toSorted((a, b) => b.messages - a.messages);
  const most =
    deepest === undefined || deepest.messages === 0 ? 'nothing waits' : `${deepest.messages} wait in ${deepest.name}`;
  return ok('queues', `${served.length} queues, ${most}`);
}

/** Without the list each service is still asked for what it owns. */
async function attemptList(context: CliContext): Promise<{ readonly items: readonly ServiceView[] }> {
  try {
    return { items: await listed(context) };
  } catch (error) {
    if (error instanceof CliError) return { items: [] };
    throw error;
  }
}

/** @returns true, or why not */
export async function attempt(ask: () => Promise<unknown>): Promise<true | string> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
}
