import { isChange } from '../api/api-client.js';
import type { CliIo } from '../cli-io.js';
import { UsageError } from '../cli.errors.js';
import { action, type Register } from '../command-action.js';
import { EXIT_CODES } from '../exit-code.js';

interface ApiFlags {
  data?: string;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** `tranche api`: any request, its answer as it is. */
export const registerApi: Register = (program, cli) => {
  program
    .command('api')
    .description('send a request: METHOD PATH, or the TYPE of an operator call (GET_AGENTS)')
    .argument('<METHOD_OR_TYPE>', 'GET, POST, PUT, PATCH or DELETE, or an operator call')
    .argument('[PATH]', 'of any REST resource, /v1/tasks')
    .option('-d, --data <FILE>', 'body of the request; - is standard input, and so is < FILE without it')
    .action(
      action<ApiFlags>(cli, async ({ api, io, flags }, [first = '', path], { data }) => {
        const request = await requestOf(io, first, path, data);
        if (flags.dryRun && isChange(request.method, request.path, request.body)) {
          io.stdout.write(`would send ${[request.method, request.path, request.body].filter(Boolean).join(' ')}\n`);
          return EXIT_CODES.done;
        }
        const answer = await api.raw(request.method, request.path, request.body);
        const text = answer.body.toString('utf8');
        io.stdout.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
        if (answer.status < 400) return EXIT_CODES.done;
        io.stderr.write(`error: status ${answer.status}\n`);
        return answer.status === 404 ? EXIT_CODES.notFound : EXIT_CODES.refused;
      }),
    );
};

interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

/** A request as it is given, or an operator call with its members. @throws UsageError */
async function requestOf(
  io: CliIo,
  first: string,
  path: string | undefined,
  data: string | undefined,
): Promise<ApiRequest> {
  const source = data ?? (isFollowed(io, first, path) ? '-' : undefined);
  const body = source === undefined ? undefined : await io.readFile(source);
  if (source !== undefined && body === undefined) throw new UsageError(`there is no file ${source}`);
  if (path !== undefined) return { method: checkMethod(first), path: checkPath(path), body };
  const members = body === undefined || body.trim() === '' ? {} : parseObject(body);
  return { method: 'POST', path: '/api/v1', body: JSON.stringify({ ...members, type: first }) };
}

/**
 * Whether a body comes by standard input without `-d -`: a file does, and a pipe where there is nothing to call without members. Of another
 * pipe nobody knows whether it ever ends: programs that start this one may have left theirs open.
 */
function isFollowed({ inputKind }: CliIo, first: string, path: string | undefined): boolean {
  if (first.toUpperCase() === 'GET') return false;
  return inputKind === 'file' || (inputKind === 'pipe' && path === undefined && !first.startsWith('GET_'));
}

function checkMethod(text: string): string {
  const method = text.toUpperCase();
  if (METHODS.includes(method)) return method;
  throw new UsageError(`"${text}" is no method`, [`methods: ${METHODS.join(' ')}`]);
}

function checkPath(path: string): string {
  if (path.startsWith('/')) return path;
  throw new UsageError(`"${path}" is no path: it does not begin with /`);
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new UsageError('the body is no JSON object');
}
