import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { HttpListener, type HttpListenerOptions } from '@tranche/http';
import { METRICS_CONTENT_TYPE, type Metrics, renderTogether } from '@tranche/telemetry';
import { Collector, passInMemory } from './memory-exchange.js';

/** Serves one request. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** An application of this process that works on a part of the service. */
export interface PartApp {
  readonly index: number;
  readonly server: Server;
}

export interface FrontParts {
  readonly service: string;
  /** The application of this process while it works on all of the service: it answers everything itself. */
  readonly whole: () => Listener | undefined;
  /** Those that work on a part of it. */
  readonly owned: () => readonly PartApp[];
  /** By path, the text of the 403 for what the operator has disabled; undefined where it is open. Applications look by themselves. */
  readonly disabled: (path: string) => string | undefined;
  /** Takes a request to whom it concerns. */
  readonly serve: Listener;
  /** Each dependency of the process: true or what is wrong. */
  readonly readiness: () => Dependencies;
  /** Of the process, and of what works in it on a part. */
  readonly metrics: () => readonly Metrics[];
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };

type Dependencies = Readonly<Record<string, unknown>>;

/**
 * The HTTP address of one replica: clients may use any.
 *
 * The application of one that works on all of its service answers itself. Others answer for their own health, and bring everything else to
 * whom it concerns.
 */
export class Front {
  private readonly listener: HttpListener;

  constructor(
    private readonly parts: FrontParts,
    listening: HttpListenerOptions,
  ) {
    this.listener = HttpListener.for((request, response) => this.serve(request, response), listening);
  }

  listen(address: { host: string; port: number }): Promise<string> {
    return this.listener.listen(address);
  }

  /** Takes no more requests; open exchanges end with their replica. */
  stopListening(): void {
    this.listener.stopListening();
  }

  close(): void {
    this.listener.close();
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const whole = this.parts.whole();
    if (whole !== undefined) return whole(request, response);
    const path = (request.url ?? '/').replace(/[?#].*$/s, '');
    const answer = this.own(path);
    if (answer === undefined) return this.parts.serve(request, response);
    const refusal = this.parts.disabled(path);
    if (refusal !== undefined) return void response.writeHead(403, TEXT).end(refusal);
    answer(response);
  }

  /** What it answers itself, of the process. */
  private own(path: string): ((response: ServerResponse) => void) | undefined {
    if (path === '/healthz') return (response) => json(response, 200, { status: 'ok', service: this.parts.service });
    if (path === '/readyz') return (response) => void this.readyz(response);
    if (path === '/metrics') return (response) => void this.showMetrics(response);
    return undefined;
  }

  private async readyz(response: ServerResponse): Promise<void> {
    const owned = this.parts.owned();
    const parts = await Promise.all(owned.map(readinessOf));
    const dependencies = Object.assign({}, this.parts.readiness(), ...parts.map(({ dependencies: own }) => own));
    const ready =
      Object.values(this.parts.readiness()).every((state) => state === true) && parts.every((part) => part.ready);
    const role = owned.length > 0 ? 'active' : 'standby';
    const partitions = owned.length > 0 ? { partitions: owned.map(({ index }) => index) } : {};
    json(response, ready ? 200 : 503, { ready, role, ...partitions, dependencies });
  }

  private async showMetrics(response: ServerResponse): Promise<void> {
    const text = await renderTogether(this.parts.metrics());
    response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE.text }).end(text);
  }
}

/** What the application of one part says of itself; its dependencies under the number of the part. */
async function readinessOf({ index, server }: PartApp): Promise<{ ready: boolean; dependencies: Dependencies }> {
  const collector = new Collector();
  passInMemory(server, { method: 'GET', url: '/readyz', headers: {}, body: Buffer.alloc(0) }, collector);
  try {
    const { status, body } = await collector.collected;
    const { dependencies = {} } = JSON.parse(body.toString()) as { dependencies?: Dependencies };
    const numbered = Object.entries(dependencies).map(([name, state]) => [`${index}: ${name}`, state] as const);
    return { ready: status === 200, dependencies: Object.fromEntries(numbered) };
  } catch {
    return { ready: false, dependencies: { [`${index}`]: 'does not answer' } };
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
