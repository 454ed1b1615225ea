import { ResourceError } from '../resource.errors.js';
import { splitLines } from './lines.js';
import { EVAL_OPERATIONS, type EvalResult } from './operations.js';

interface Request {
  readonly id?: unknown;
  readonly op?: unknown;
  readonly a?: unknown;
  readonly b?: unknown;
}

/**
 * Answers requests, one JSON object a line, in their order: `{"op":"add","a":"cpus:1","b":"cpus:2"}` becomes
 * `{"ok":true,"text":"cpus:3",…}`. Blank lines are skipped. A bad request is answered like any other.
 *
 * @param chunks the input in pieces of any size
 * @returns one answer a request, without line end, produced as the consumer asks for it
 */
export async function* resourcesEval(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, void> {
  for await (const line of splitLines(chunks)) {
    if (line.trim() !== '') yield answerLine(line);
  }
}

/** The answer to one request line. Never throws on bad input. */
export function answerLine(line: string): string {
  let request: Request | undefined;
  try {
    request = parseRequest(line);
    return answer(request, { ok: true, ...evaluate(request) });
  } catch (error) {
    const failure = { ok: false, error: reasonOf(error) };
    try {
      return answer(request, failure);
    } catch {
      // The id itself cannot be written, being nested too deeply.
      return JSON.stringify(failure);
    }
  }
}

function parseRequest(line: string): Request {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch (cause) {
    throw new ResourceError('resources/bad-json', `not JSON: ${reasonOf(cause)}`, { cause });
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw new ResourceError('resources/bad-json', 'a request is a JSON object');
  }
  return request;
}

function evaluate({ op, a, b }: Request): EvalResult {
  if (typeof op !== 'string') throw new ResourceError('resources/bad-json', 'op: expected a string');
  const operation = EVAL_OPERATIONS.get(op);
  if (operation === undefined) throw new ResourceError('resources/bad-json', `unknown op: ${op}`);
  return operation(a, b);
}

function answer(request: Request | undefined, result: object): string {
  const id = request !== undefined && Object.hasOwn(request, 'id') ? { id: request.id } : {};
  return JSON.stringify({ ...id, ...result });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
