import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TlsSettings } from '@tranche/config';
import type { Logger, Metrics } from '@tranche/telemetry';
import { CLIENT_CONNECTIONS } from '../connections/client-connections.js';
import { answerPlainToo, isEncrypted, isFromOwnMachine } from './answer-plain-too.js';
import { TlsFiles } from './tls-files.js';

/** Serves one request. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpListenerOptions {
  /** Without a certificate in it plain HTTP is served. */
  readonly tls: TlsSettings;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Gets when the certificate ends. */
  readonly metrics?: Metrics;
  /**
   * What becomes of plain requests where HTTPS is served: `refused`, with a text that says so, or taken from this machine (`own-machine`), whose executors speak
   * plain HTTP, and refused from others.
   */
  readonly plain?: 'refused' | 'own-machine';
  /** Tells connections of this machine. For tests. */
  readonly isOwn?: typeof isFromOwnMachine;
}

/** An address that serves HTTPS, or HTTP where no certificate is given. */
export class HttpListener {
  private constructor(
    private readonly server: Server,
    private readonly scheme: 'http' | 'https',
    private readonly dropWaiting: () => void = () => undefined,
  ) {}

  /** @throws ConfigError when the files of `tls` cannot be used */
  static for(serve: Serve, options: HttpListenerOptions): HttpListener {
    if (!servesHttps(options.tls)) return new HttpListener(createServer(CLIENT_CONNECTIONS, serve), 'http');
    const files = new TlsFiles(options.tls, options).watch();
    if (options.metrics !== undefined) files.observe(options.metrics);
    return HttpListener.encrypted(serve, files, options);
  }

  /** One whose files somebody else watches. */
  static encrypted(
    serve: Serve,
    files: TlsFiles,
    { tls, plain = 'refused', isOwn = isFromOwnMachine }: Omit<HttpListenerOptions, 'logger' | 'metrics'>,
  ): HttpListener {
    const secure = { minVersion: tls.tlsMinVersion };
    const server = createHttpsServer(
      // As a plain server does by itself: what is written leaves at once, or streams of small records wait for acknowledgements.
      { ...CLIENT_CONNECTIONS, noDelay: true, ...secure, ...files.contents.pair },
      plain === 'refused' ? encryptedOnly(serve) : encryptedOrOwn(serve, isOwn),
    );
    files.onRenewed(({ pair }) => {
      if (pair !== undefined) server.setSecureContext({ ...secure, ...pair });
    });
    server.once('close', () => files.stop());
    const dropWaiting = answerPlainToo(server, CLIENT_CONNECTIONS.headersTimeout);
    return new HttpListener(server, 'https', dropWaiting);
  }

  /** @returns `https://10.0.0.7:5051` @throws NodeJS.ErrnoException EADDRINUSE when the port is taken */
  async listen({ host, port }: { readonly host: string; readonly port: number }): Promise<string> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    const { address, port: bound, family } = this.server.address() as AddressInfo;
    return `${this.scheme}://${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
  }

  /** The port that it listens on. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no more connections; open exchanges go on. */
  stopListening(): void {
    this.server.close();
    this.dropWaiting();
  }

  /** Ends open exchanges, too. */
  close(): void {
    this.stopListening();
    this.server.closeAllConnections();
  }
}

/** Whether a process with these settings speaks HTTPS. */
export const servesHttps = ({ tlsCertFile }: Pick<TlsSettings, 'tlsCertFile'>): boolean => tlsCertFile !== '';

const encryptedOnly =
  (serve: Serve): Serve =>
  (request, response) => {
    if (isEncrypted(request.socket)) return serve(request, response);
    refuse(request, response, 400, 'this port speaks HTTPS: ask for');
  };

const encryptedOrOwn =
  (serve: Serve, isOwn: typeof isFromOwnMachine): Serve =>
  (request, response) => {
    if (isEncrypted(request.socket) || isOwn(request.socket)) return serve(request, response);
    refuse(request, response, 403, 'plain HTTP is spoken with this machine only: ask for');
  };

function refuse(request: IncomingMessage, response: ServerResponse, status: 400 | 403, why: string): void {
  request.resume();
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    .end(`${why} https://${request.headers.host ?? 'HOST:PORT'}${request.url ?? '/'}\n`);
}
