import type { IncomingMessage } from 'node:http';
import type { Page } from '@tranche/contracts';
import type { Clock } from '@tranche/scheduler';
import type { CliSettings } from '../cli.config.js';
import { type ExchangeRequest, HttpExchange, unreachable } from './http-exchange.js';
import { problemError } from './problem.js';

/** Query parameters; those without a value are left out, those with several are alternatives. */
export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

/** An answer, whatever its status. */
export interface ApiAnswer {
  status: number;
  contentType: string;
  body: Buffer;
}

/** All items of a list; `asOf` is the number of the newest change that the list contains. */
export interface ApiList<T> {
  items: T[];
  asOf: number;
  /** There are more than were asked for. */
  isCut?: boolean;
}

/** The most that the API gives at once. */
const PAGE_SIZE = 1000;

/** What the client tells of each request, for `--verbose`. */
export type RequestListener = (line: string) => void;

/** The REST API of the cluster, at its public address. Throws `ClusterUnreachableError` and, for answers ≥ 400, what `problemError` makes. */
export class ApiClient {
  readonly #exchange: HttpExchange;
  readonly #headers: Record<string, string>;

  constructor(
    private readonly settings: Pick<CliSettings, 'url' | 'token' | 'credential' | 'caFile' | 'timeoutMs'>,
    private readonly clock: Clock,
    private readonly onRequest: RequestListener = () => undefined,
    /** Before each request that changes something. May refuse by throwing. */
    private readonly beforeChange: () => Promise<void> = async () => undefined,
  ) {
    this.#exchange = new HttpExchange(settings.url, settings.caFile, settings.timeoutMs);
    this.#headers = authorization(settings);
  }

  /** Address of the cluster. */
  get url(): string {
    return this.settings.url;
  }

  /** A JSON resource. */
  async get<T>(path: string, query: Query = {}): Promise<T> {
    const answer = await this.request('GET', withQuery(path, query));
    return JSON.parse(answer.body.toString('utf8')) as T;
  }

  /** A list with all of its pages. @param max items at most, the first ones */
  async list<T>(path: string, query: Query = {}, max = Number.POSITIVE_INFINITY): Promise<ApiList<T>> {
    const items: T[] = [];
    let after: string | undefined;
    for (;;) {
      const limit = Math.max(1, Math.min(PAGE_SIZE, max - items.length));
      const page = await this.get<Page<T>>(path, { ...query, limit, after });
      items.push(...page.items);
      if (page.next === undefined) return { items, asOf: page.asOf };
      if (items.length >= max) return { items, asOf: page.asOf, isCut: true };
      after = page.next;
    }
  }

  /** Sends JSON. @returns the answer's JSON; undefined when it has no body */
  async post<T>(path: string, query: Query, body: unknown): Promise<T | undefined> {
    const answer = await this.request('POST', withQuery(path, query), JSON.stringify(body));
    return answer.body.length === 0 ? undefined : (JSON.parse(answer.body.toString('utf8')) as T);
  }

  /**
   * Changes a resource.
   *
   * @param failure what has failed, for the error when it is refused: `quota not set`
   * @returns what it is then
   */
  async change<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    query: Query,
    body?: unknown,
    failure?: string,
  ): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.request(method, withQuery(path, query), text, failure);
    return JSON.parse(answer.body.toString('utf8')) as T;
  }

  /** An answer whose body is read as it comes: log output, files. Destroy it to stop. */
  async stream(path: string, query: Query = {}): Promise<IncomingMessage> {
    const answer = await this.send('GET', withQuery(path, query));
    if ((answer.statusCode ?? 0) < 400) return answer;
    throw problemError(await this.whole(answer), path);
  }

  /** A request whose answer may take hours, to begin and to end. Answers ≥ 400 are returned too. */
  exchange(request: ExchangeRequest): Promise<IncomingMessage> {
    return this.sendTraced({ ...request, headers: { ...this.#headers, ...request.headers }, isPatient: true });
  }

  /** Any request. Answers ≥ 400 are returned too. */
  async raw(method: string, path: string, body?: string): Promise<ApiAnswer> {
    if (isChange(method, path, body)) await this.beforeChange();
    return this.whole(await this.send(method, path, body));
  }

  /** Reads an answer to its end. */
  async whole(answer: IncomingMessage): Promise<ApiAnswer> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of answer) chunks.push(chunk as Buffer);
    } catch (error) {
      throw unreachable(this.settings.url, error);
    }
    const contentType = answer.headers['content-type'] ?? '';
    return { status: answer.statusCode ?? 0, contentType, body: Buffer.concat(chunks) };
  }

  close(): void {
    this.#exchange.close();
  }

  private async request(method: string, path: string, body?: string, failure?: string): Promise<ApiAnswer> {
    const answer = await this.raw(method, path, body);
    if (answer.status < 400) return answer;
    throw problemError(answer, path, failure);
  }

  private send(method: string, path: string, body?: string): Promise<IncomingMessage> {
    const headers = { ...this.#headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) };
    return this.sendTraced({
      method,
      path,
      headers: { ...headers, ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }) },
      body: body === undefined ? undefined : Buffer.from(body),
    });
  }

  private async sendTraced(request: ExchangeRequest): Promise<IncomingMessage> {
    const startMs = this.clock.nowMs();
    const answer = await this.#exchange.send(request);
    const { method, path } = request;
    const trace = answer.headers['trace-id'];
    const took = `${this.clock.nowMs() - startMs} ms`;
    this.onRequest(`${method} ${path} ${answer.statusCode} ${took}${trace ? ` trace ${String(trace)}` : ''}`);
    return answer;
  }
}

/** Neither a question, nor a question of the operator API, nor a trial. */
export function isChange(method: string, path: string, body: string | undefined): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  if (path === '/api/v1' && /^\s*\{\s*"type"\s*:\s*"(GET|LIST|READ)_/u.test(body ?? '')) return false;
  return new URL(path, 'http://cluster').searchParams.get('dryRun') !== 'true';
}

function authorization({ token, credential }: Pick<CliSettings, 'token' | 'credential'>): Record<string, string> {
  if (token !== undefined) return { Authorization: `Bearer ${token}` };
  if (credential === undefined) return {};
  const text = Buffer.from(`${credential.principal}:${credential.secret}`).toString('base64');
  return { Authorization: `Basic ${text}` };
}

function withQuery(path: string, query: Query): string {
  const parameters = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [value].flat().map((one) => [name, String(one)]),
  );
  return parameters.length === 0 ? path : `${path}?${new URLSearchParams(parameters).toString()}`;
}
