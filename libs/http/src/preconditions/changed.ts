import { type Problem, problem } from '../problem.js';
import type { NotedChange } from '../request-store.port.js';
import type { Guarded } from './guarded.js';

/** What a resource is, where its caller may read it. */
export interface Present {
  /** Its tag; undefined when it is not there. */
  readonly now: string | undefined;
  /** Its last change by `/v1`, as far as that is known. */
  readonly last: NotedChange | undefined;
}

/** The 412 of a resource that is not what `If-Match` says. @param present `unseen` to who may not read it: nothing is told of it */
export function changed(
  { noun, code, path }: Guarded & { readonly noun: string },
  wanted: string,
  present: Present | 'unseen',
): Problem {
  const name =
    noun === 'maintenance schedule'
      ? `the ${noun}`
      : `${noun} ${decodeURIComponent(path.replace(/^\/v1\/\w+\/|\?.*$/g, ''))}`;
  const title = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} has changed`;
  const errors = [{ path: 'If-Match', message: 'is not the tag of the resource', value: wanted }];
  if (present === 'unseen') {
    const detail = `${name} is not ${wanted} as If-Match says; what it is, and who changed it, is told to who may read it`;
    return problem(412, code, title, detail, { errors, hints: ['tranche config whoami'] });
  }
  const { now, last } = present;
  const is = now === undefined ? 'is not there' : `is ${now} now`;
  const detail = `${name} ${is}, not ${wanted} as If-Match says; ${lastText(now, last)}`;
  return problem(412, code, title, detail, { errors, hints: [`tranche api GET ${path}`] });
}

/** Who changed it, and when, as far as that is known: Mesos' API, frameworks, and the cluster itself change things, too. */
function lastText(now: string | undefined, last: NotedChange | undefined): string {
  const otherwise = "by Mesos' API, a framework or the cluster itself";
  if (last === undefined) return `it was changed ${otherwise}`;
  const { by = 'a caller without credentials', atMs, what, etag } = last;
  const told = `${by} changed it at ${new Date(atMs).toISOString()}: ${what}`;
  return etag === now ? told : `${told}; since then it was changed ${otherwise}`;
}
