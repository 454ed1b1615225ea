import type { AgentView, CallerView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { CliError } from '../../cli.errors.js';
import { formatSpan } from '../../values/duration.js';
import { VERSION } from '../../version.js';
import { type Finding, failed, ok, warning } from './finding.js';
import { sumByLabel } from './read-metrics.js';

/** More makes ages and deadlines look wrong. */
const MAX_SKEW_MS = 2_000;
const SLOW_MS = 1_000;

/** Each service by something small that only it answers. */
const SERVICES = {
  registry: '/v1/agents',
  offers: '/v1/offers',
  allocator: '/v1/shares',
  quota: '/v1/weights',
} as const;

/** Whether the address answers, with what version, and whether its clock is ours. */
export async function checkAddress({ api, io }: CliContext): Promise<Finding[]> {
  const startMs = io.clock.nowMs();
  const answer = await api.exchange({ method: 'GET', path: '/version', headers: {} });
  const { body, status } = await api.whole(answer);
  const endMs = io.clock.nowMs();
  if (status >= 400) return [failed('address', `${api.url} answers ${status}`, 'another one: tranche config use NAME')];
  const { version = 'unknown' } = JSON.parse(body.toString('utf8')) as { version?: string };
  const said = Date.parse(answer.headers.date ?? '');
  // The header has whole seconds: half of one is the best guess.
  const skewMs = Number.isNaN(said) ? undefined : said + 500 - (startMs + endMs) / 2;
  return [
    ok('address', `${api.url} answers in ${endMs - startMs} ms`),
    version === VERSION
      ? ok('version', `${VERSION}, as the cluster`)
      : warning('version', `this program is ${VERSION}, the cluster ${version}`, 'install the same version'),
    ...(skewMs === undefined
      ? []
      : Math.abs(skewMs) > MAX_SKEW_MS
        ? [
            warning(
              'clocks',
              `the cluster's clock is ${formatSpan(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's`,
              'set both by NTP',
            ),
          ]
        : [ok('clocks', 'this machine and the cluster agree within 2 s')]),
  ];
}

/** Whom the cluster takes this program for, and what that allows. */
export async function checkCaller({ api }: CliContext): Promise<Finding[]> {
  const { principal, authentication, may, permissions = [] } = await api.get<CallerView>('/v1/whoami');
  const who = principal === undefined ? 'none are shown' : `${principal}, by ${authentication}`;
  const limited = permissions.filter((one) => one.may !== 'all').length;
  const limits = limited === 0 ? '' : `; ${limited} actions are not for all there is: tranche config whoami`;
  const text = `${who}: may ${may.join(', ')}${limits}`;
  if (may.includes('write')) return [ok('credentials', text)];
  return [warning('credentials', text, 'set TRANCHE_USER and TRANCHE_PASSWORD, or TRANCHE_TOKEN')];
}

/** Whether each service answers what it owns, and how fast. */
export const checkServices = (context: CliContext): Promise<Finding[]> =>
  Promise.all(
    Object.entries(SERVICES).map(async ([service, path]) => {
      const check = `service ${service}`;
      const startMs = context.io.clock.nowMs();
      const found = await attempt(() => context.api.get(path, { limit: 1 }));
      const tookMs = context.io.clock.nowMs() - startMs;
      if (typeof found === 'string')
        return failed(check, found, `its log says why; is a process of ${service} running?`);
      return tookMs > SLOW_MS
        ? warning(check, `answers in ${tookMs} ms`, 'tranche trace ls --slow 1s')
        : ok(check, `answers in ${tookMs} ms`);
    }),
  );

/** What the registry depends on, the broker and the database among it, as it says itself. */
export async function checkDependencies({ api }: CliContext): Promise<Finding[]> {
  const { body } = await api.raw('GET', '/readyz');
  const { dependencies = {} } = JSON.parse(body.toString('utf8')) as { dependencies?: Record<string, true | string> };
  // Services that share a process have none to depend on.
  const broker = 'broker' in dependencies ? [] : [ok('broker', 'in process')];
  const others = Object.entries(dependencies).map(([name, state]) => {
    if (state === true) return ok(name, 'there');
    return state.startsWith('usable: ')
      ? warning(name, state, 'it goes on without; its log says more')
      : failed(name, state, `see whether ${name} runs and can be reached from the registry`);
  });
  return [...broker, ...others];
}

/** Messages that nobody could take, and those that wait. */
export async function checkQueues({ api }: CliContext): Promise<Finding[]> {
  const text = (await api.raw('GET', '/metrics')).body.toString('utf8');
  const dead = [...sumByLabel(text, 'tranche_dead_letters_total', 'message')].filter(([, count]) => count > 0);
  const counts = sumByLabel(text, 'tranche_message_queue_seconds_count', 'message');
  const sums = sumByLabel(text, 'tranche_message_queue_seconds_sum', 'message');
  const waits = [...counts].flatMap(([message, count]) =>
    count === 0 ? [] : [[message, (sums.get(message) ?? 0) / count] as const],
  );
  const [slowest, seconds] = waits.toSorted(([, a], [, b]) => b - a)[0] ?? ['', 0];
  return [
    dead.length === 0
      ? ok('dead letters', 'none at the registry')
      : warning(
          'dead letters',
          dead.map(([name, count]) => `${count} of ${name}`).join(', '),
          'docs/runbook.md says how to look at them',
        ),
    seconds * 1000 > SLOW_MS
      ? warning(
          'queues',
          `${slowest} waits ${seconds.toFixed(1)} s on average before the registry takes it`,
          'tranche trace ls --slow 1s',
        )
      : ok(
          'queues',
          slowest === ''
            ? 'nothing was sent to the registry yet'
            : `at most ${(seconds * 1000).toFixed(0)} ms on average (${slowest})`,
        ),
  ];
}

/** Whether agents are there and answer through the public address. */
export async function checkAgents({ api }: CliContext): Promise<Finding[]> {
  const { items } = await api.list<AgentView>('/v1/agents');
  const present = items.filter(({ state }) => state !== 'removed' && state !== 'gone');
  if (present.length === 0) return [failed('agents', 'none has registered: nothing can run', 'tranche agent ls --all')];
  const away = present.filter(({ state }) => state === 'unreachable' || state === 'disconnected');
  const asked = present.filter((agent) => !away.includes(agent));
  const answers = await Promise.all(
    asked.map(async ({ id, hostname }) => {
      const found = await attempt(() => api.get(`/v1/agents/${encodeURIComponent(id)}/containers`));
      return typeof found === 'string' ? [`${hostname}: ${found}`] : [];
    }),
  );
  const silent = answers.flat();
  return [
    away.length === 0
      ? ok('agents', `${present.length} registered`)
      : warning(
          'agents',
          `${away.length} of ${present.length} away: ${away.map(({ hostname, state }) => `${hostname} ${state}`).join(', ')}`,
          'tranche agent ls',
        ),
    ...silent.map((text) =>
      warning('agent', text, 'the registry has to reach the address that tranche agent ls -o wide shows'),
    ),
  ];
}

/** @returns true, or why not */
async function attempt(ask: () => Promise<unknown>): Promise<true | string> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
}
