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
    .option('-d, --data <FILE>', 'body of the request; - is standard input')
    .action(
      action<ApiFlags>(cli, async ({ api, io }, [first = '', path], { data }) => {
        const body = data === undefined ? undefined : await io.readFile(data);
        if (data !== undefined && body === undefined) throw new UsageError(`there is no file ${data}`);
        const answer =
          path === undefined
            ? await operatorCall(first, body)
            : await api.raw(checkMethod(first), checkPath(path), body);
        const text = answer.body.toString('utf8');
        io.stdout.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
        if (answer.status < 400) return EXIT_CODES.done;
        io.stderr.write(`error: status ${answer.status}\n`);
        return answer.status === 404 ? EXIT_CODES.notFound : EXIT_CODES.refused;

        function operatorCall(type: string, members: string | undefined) {
          const call: unknown = { ...(members === undefined ? {} : parseObject(members)), type };
          return api.raw('POST', '/api/v1', JSON.stringify(call));
        }
      }),
    );
};

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
