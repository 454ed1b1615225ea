import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { METRICS_CONTENT_TYPE, type Metrics } from '@tranche/telemetry';

/** Serves one request. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface FrontParts {
  readonly service: string;
  /** The application of this process while it is the active one. */
  readonly active: () => Listener | undefined;
  /** Takes a request to the active replica. */
  readonly relay: Listener;
  /** Each dependency: true or what is wrong. */
  readonly readiness: () => Readonly<Record<string, true | string>>;
  /** Of a process that waits; the active one's application shows its own. */
  readonly metrics: Metrics;
}

/**
 * The HTTP address of one replica: clients may use any.
 *
 * The active replica's application answers itself. One that waits answers for its own health, and relays everything else.
 */
export class Front {
  private readonly server: Server;

  constructor(private readonly parts: FrontParts) {
    this.server = createServer((request, response) => this.serve(request, response));
  }

  async listen({ host, port }: { host: string; port: number }): Promise<string> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    const { address, port: bound, family } = this.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
  }

  /** Takes no more requests; open exchanges end with their replica. */
  stopListening(): void {
    this.server.close();
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const active = this.parts.active();
    if (active !== undefined) return active(request, response);
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/healthz') return json(response, 200, { status: 'ok', service: this.parts.service });
    if (path === '/readyz') return this.readyz(response);
    if (path === '/metrics') return void this.showMetrics(response);
    this.parts.relay(request, response);
  }

  private readyz(response: ServerResponse): void {
    const dependencies = this.parts.readiness();
    const ready = Object.values(dependencies).every((state) => state === true);
    json(response, ready ? 200 : 503, { ready, role: 'standby', dependencies });
  }

  private async showMetrics(response: ServerResponse): Promise<void> {
    const text = await this.parts.metrics.render('text');
    response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE.text }).end(text);
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
