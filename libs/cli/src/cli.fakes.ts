import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type AgentView,
  type FrameworkView,
  isSelected,
  type OfferView,
  type ResourceAmounts,
  type RoleView,
  type TaskView,
} from '@tranche/contracts';
import { type Clock, FakeClock, sleep, systemClock } from '@tranche/scheduler';
import { runCli } from './cli.js';
import { readSelector } from './output/selected.js';
import { isLive } from './values/task-words.js';
import type { CliIo, StopSignal, Terminal, TextInput, TextOutput } from './cli-io.js';

/** The time at which the specs take place. */
export const NOW_MS = Date.parse('2026-11-23T12:00:00.000Z');

/** What a command saw of the world, and what it did. */
export interface FakeWorld {
  io: CliIo;
  stdout: () => string;
  stderr: () => string;
  files: Map<string, string>;
  questions: string[];
  /** Raises a signal, as the terminal or an init system does. */
  signal: (name: StopSignal) => void;
}

export interface FakeWorldOptions {
  env?: Record<string, string>;
  files?: Record<string, string>;
  isTerminal?: boolean;
  /** To each question, in order; no afterwards. */
  answers?: boolean[];
  /** What is typed or piped in, a chunk each; then the input ends, unless `isOpen`. */
  input?: { chunks: readonly string[]; isOpen?: boolean };
  inputKind?: CliIo['inputKind'];
  terminal?: Terminal;
  /** Real time instead of a time that stands still: for commands that wait. */
  isLive?: boolean;
  /** Real time, in which every wait is so many times shorter. */
  speed?: number;
}

/** Streams, files, time and signals in memory. */
export function fakeWorld(options: FakeWorldOptions = {}): FakeWorld {
  const stdout = new MemoryOutput(options.isTerminal ?? false);
  const stderr = new MemoryOutput(options.isTerminal ?? false);
  const files = new Map(Object.entries(options.files ?? {}));
  const handlers = new Map<string, Set<() => void>>();
  const questions: string[] = [];
  const clock = new FakeClock();
  clock.advance(NOW_MS);
  const usedClock = options.isLive ? fasterClock(options.speed ?? 1) : clock;
  let digits = 0;
  const io: CliIo = {
    stdout,
    stderr,
    env: { HOME: '/home/test', ...options.env },
    userName: 'tester',
    homeFolder: '/home/test',
    nodeVersion: 'v22.22.0',
    clock: usedClock,
    sleep: (ms, signal) => sleep(usedClock, ms, signal),
    openInput: () => memoryInput(options.input),
    inputKind: options.inputKind ?? 'other',
    terminal: options.terminal,
    canAsk: options.answers !== undefined,
    ask: async (question) => options.answers?.[questions.push(question) - 1] ?? false,
    randomHex: (length) => (digits += 1).toString(16).padStart(length, '0'),
    onSignal(signal, handle) {
      const known = handlers.get(signal) ?? new Set();
      handlers.set(signal, known.add(handle));
      return () => known.delete(handle);
    },
    readFile: async (path) => files.get(path),
    writeFile: async (path, text) => void files.set(path, text),
    async saveFile(path, bytes) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      files.set(path, Buffer.concat(chunks).toString('utf8'));
    },
  };
  return {
    io,
    files,
    questions,
    stdout: () => stdout.text,
    stderr: () => stderr.text,
    signal: (name) => handlers.get(name)?.forEach((handle) => handle()),
  };
}

function memoryInput({ chunks, isOpen = false }: NonNullable<FakeWorldOptions['input']> = { chunks: [] }): TextInput {
  const closed = Promise.withResolvers<void>();
  async function* read(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
    if (isOpen) await closed.promise;
  }
  return { chunks: read(), close: () => closed.resolve() };
}

function fasterClock(speed: number): Clock {
  return { nowMs: () => systemClock.nowMs(), after: (delayMs, run) => systemClock.after(delayMs / speed, run) };
}

class MemoryOutput implements TextOutput {
  text = '';
  readonly columns = 100;

  constructor(readonly isTTY: boolean) {}

  write(data: string | Uint8Array): boolean {
    this.text += typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
    return true;
  }
}

/** What a command printed, and how it ended. */
export interface CliResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in a world of its own. */
export async function runInFakeWorld(args: readonly string[], options: FakeWorldOptions = {}): Promise<CliResult> {
  const world = fakeWorld(options);
  const exitCode = await runCli(args, world.io);
  return { exitCode, stdout: world.stdout(), stderr: world.stderr() };
}

/** An answer; status 200 and JSON unless it says otherwise. */
export interface FakeRestAnswer {
  status?: number;
  type?: string;
  /** A promise: the header leaves at once, the body when it is there. */
  body: string | Promise<string>;
  /** The connection is lost behind the body. */
  isCut?: boolean;
}

/** The cluster's REST side: lists and answers by path, and the requests that came. */
export class FakeRest {
  agents: AgentView[] = [];
  frameworks: FrameworkView[] = [];
  offers: OfferView[] = [];
  roles: RoleView[] = [];
  tasks: TaskView[] = [];
  /** Outputs of tasks: `ID/stdout`. */
  readonly logs = new Map<string, string>();
  /** Other answers, by method and path without query. */
  readonly answers = new Map<string, (url: URL, body: string) => FakeRestAnswer>();
  readonly requests: { method: string; url: URL; body: string; headers: IncomingMessage['headers'] }[] = [];

  /** For `FakeCluster`'s option of the same name. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const body = Buffer.concat(chunks).toString('utf8');
      const method = request.method ?? 'GET';
      this.requests.push({ method, url, body, headers: request.headers });
      const answer = this.answers.get(`${method} ${url.pathname}`)?.(url, body) ?? this.#listed(url) ?? this.#log(url);
      if (answer?.isCut) response.write(answer.body, () => response.destroy());
      else if (answer) respond(response, answer.status ?? 200, answer.type ?? 'application/json', answer.body);
      else respondProblem(response, url.pathname);
    });
  };

  #listed(url: URL): FakeRestAnswer | undefined {
    const lists: Record<string, readonly unknown[]> = {
      '/v1/agents': this.agents,
      '/v1/frameworks': this.frameworks,
      '/v1/offers': this.offers,
      '/v1/roles': this.roles,
      '/v1/tasks': this.tasks,
    };
    const listed = lists[url.pathname];
    if (!listed) return undefined;
    const items = listed.filter((item) => passesFilters(item as Partial<TaskView>, url.searchParams));
    const limit = Number(url.searchParams.get('limit') ?? 100);
    const from = Number(url.searchParams.get('after') ?? 0);
    const next = from + limit < items.length ? String(from + limit) : undefined;
    return { body: JSON.stringify({ items: items.slice(from, from + limit), next, asOf: 7 }) };
  }

  #log(url: URL): FakeRestAnswer | undefined {
    const [, id] = /^\/v1\/tasks\/([^/]+)\/logs$/.exec(url.pathname) ?? [];
    if (id === undefined) return undefined;
    const text = this.logs.get(`${decodeURIComponent(id)}/${url.searchParams.get('stream')}`);
    if (text === undefined) return undefined;
    const tail = url.searchParams.get('tail');
    const offset = url.searchParams.get('offset');
    if (offset !== null) {
      return { type: 'text/plain', body: Buffer.from(text).subarray(Number(offset)).toString('utf8') };
    }
    const lines = text.split(/(?<=\n)/);
    return { type: 'text/plain', body: tail === null ? text : lines.slice(-Number(tail)).join('') };
  }
}

function passesFilters(item: Partial<TaskView>, filters: URLSearchParams): boolean {
  return [...new Set(filters.keys())].every((name) => {
    const wanted = filters.getAll(name);
    if (name === 'limit' || name === 'after') return true;
    if (name === 'live') return wanted.includes(String(isLive({ state: item.state ?? '' })));
    if (name === 'startsWith') return wanted.some((text) => item.name?.startsWith(text) || item.id?.startsWith(text));
    if (name === 'label' || name === 'attribute') {
      const labels = (item as { attributes?: Record<string, string> }).attributes ?? item.labels ?? {};
      return wanted.some((text) => isSelected(readSelector(text), (key) => labels[key]));
    }
    if (name === 'role') return wanted.some((role) => role === item.role || isBelow(item.role ?? '', role));
    const value: unknown = item[name as keyof TaskView];
    return typeof value === 'string' && wanted.includes(value);
  });
}

const isBelow = (role: string, pattern: string): boolean =>
  pattern.endsWith('/*') && role.startsWith(pattern.slice(0, -1));

function respond(response: ServerResponse, status: number, type: string, body: string | Promise<string>): void {
  response.writeHead(status, { 'Content-Type': type, 'Trace-Id': '9d0c4e11aabbccdd9d0c4e11aabbccdd' });
  if (typeof body === 'string') {
    response.end(body);
    return;
  }
  response.flushHeaders();
  void body.then((text) => response.end(text));
}

function respondProblem(response: ServerResponse, path: string): void {
  const problem = { type: '/problems/resource.unknown', title: 'Not found', status: 404, code: 'resource.unknown' };
  respond(response, 404, 'application/problem+json', JSON.stringify({ ...problem, detail: `nothing at ${path}` }));
}

const amounts = (cpus: number, memMib: number, diskMib = 0): ResourceAmounts => ({
  cpus,
  gpus: 0,
  memBytes: memMib * 2 ** 20,
  diskBytes: diskMib * 2 ** 20,
  ports: [],
});

const ago = (seconds: number): string => new Date(NOW_MS - seconds * 1000).toISOString();

/** A running task on n1, of framework web, launched four minutes ago. */
export function task(view: Partial<TaskView> = {}): TaskView {
  return {
    id: '7f3a19c2-web',
    name: 'web',
    frameworkId: 'f1',
    frameworkName: 'web',
    agentId: 'a1',
    agentHostname: 'n1',
    role: '*',
    user: 'root',
    state: 'TASK_RUNNING',
    resources: amounts(0.1, 64),
    labels: {},
    launchedAt: ago(240),
    statuses: [],
    traceId: '9d0c4e11aabbccdd9d0c4e11aabbccdd',
    ...view,
  };
}

/** An active agent n1 with 2 cpus, 0.5 of them used. */
export function agent(view: Partial<AgentView> = {}): AgentView {
  return {
    id: 'a1',
    hostname: 'n1',
    address: '127.0.0.1:5051',
    version: '0.1.0',
    state: 'active',
    stateSince: ago(7200),
    attributes: {},
    total: amounts(2, 2048, 10_240),
    used: amounts(0.5, 512),
    offered: amounts(0, 0),
    tasks: 1,
    registeredAt: ago(7200),
    ...view,
  };
}

/** A connected framework web with one running task. */
export function framework(view: Partial<FrameworkView> = {}): FrameworkView {
  return {
    id: 'f1',
    name: 'web',
    user: 'root',
    state: 'connected',
    active: true,
    roles: ['*'],
    suppressedRoles: [],
    capabilities: [],
    failoverTimeoutMs: 60_000,
    tasks: { staging: 0, running: 1, ended: 0 },
    offers: 0,
    used: amounts(0.5, 512),
    offered: amounts(0, 0),
    registeredAt: ago(600),
    ...view,
  };
}

/** An offer of half of n1 to web, made 90 seconds ago. */
export function offer(view: Partial<OfferView> = {}): OfferView {
  return {
    id: 'o1',
    frameworkId: 'f1',
    frameworkName: 'web',
    agentId: 'a1',
    agentHostname: 'n1',
    role: '*',
    resources: { ...amounts(1.5, 1536), ports: [{ begin: 31000, end: 31099 }] },
    madeAt: ago(90),
    ...view,
  };
}

export { amounts, ago };
