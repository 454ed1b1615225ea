import { parseDuration } from '@tranche/http';

export type ParsedRate =
  | { readonly ok: true /** Least time from one agent to the next. */; readonly intervalMs: number }
  | { readonly ok: false; readonly error: string };

/**
 * Reads how many agents may be given up in a time: `1/10mins`, `100/1hrs`.
 *
 * As in Mesos they are spread over that time: `6/1hrs` is one every ten minutes.
 *
 * @source Mesos' `--agent_removal_rate_limit`
 */
export function parseRemovalRate(text: string): ParsedRate {
  const [count = '', duration, ...more] = text.split('/');
  if (duration === undefined || more.length > 0) return wrong('must be <number of agents>/<duration>, as 1/10mins');
  if (!/^[1-9]\d*$/.test(count)) return wrong(`must begin with a number of agents, at least 1, not with '${count}'`);
  const parsed = parseDuration(duration);
  if (!parsed.ok) return wrong(`has no duration after the /: ${parsed.error}`);
  if (parsed.ms <= 0) return wrong(`must have a duration above 0, not ${duration}`);
  return { ok: true, intervalMs: parsed.ms / Number(count) };
}

/** @param text what `parseRemovalRate` takes; absent: there is no limit */
export function removalIntervalMs(text: string | undefined): number {
  const rate = text === undefined ? undefined : parseRemovalRate(text);
  return rate?.ok === true ? rate.intervalMs : 0;
}

const wrong = (error: string): ParsedRate => ({ ok: false, error });
