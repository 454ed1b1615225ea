import type { AgentView, CallerView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { formatSpan } from '../../values/duration.js';
import { VERSION } from '../../version.js';
import { type Finding, failed, ok, warning } from './finding.js';
import { attempt } from './service-checks.js';

/** More makes ages and deadlines look wrong. */
const MAX_SKEW_MS = 2_000;

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
