import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpListener, type HttpListenerOptions, type Serve, servesHttps } from './http-listener.js';

/** An application on Fastify, as Nest has it. */
export interface ServedApp {
  init(): Promise<unknown>;
  listen(options: { host: string; port: number }): Promise<unknown>;
  getUrl(): Promise<string>;
  getHttpServer(): Server;
  getHttpAdapter(): { getInstance(): { routing: Serve; ready(): PromiseLike<unknown> } };
}

/** Where an application is served. */
export interface ServedAt {
  readonly url: string;
  readonly port: number;
  /** Ends it, open exchanges too; for when the application is closed. */
  readonly close: () => void;
}

/**
 * Serves an application: as Nest does, or, with a certificate, by a listener that hands it what comes.
 *
 * @throws NodeJS.ErrnoException EADDRINUSE when the port is taken, ConfigError when the files of TLS cannot be used
 */
export async function serveApp(
  app: ServedApp,
  address: { readonly host: string; readonly port: number },
  options: HttpListenerOptions,
): Promise<ServedAt> {
  if (!servesHttps(options.tls)) {
    await app.listen(address);
    const { port } = app.getHttpServer().address() as AddressInfo;
    return { url: await app.getUrl(), port, close: () => undefined };
  }
  await app.init();
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.ready();
  const listener = HttpListener.for((request, response) => fastify.routing(request, response), options);
  const url = await listener.listen(address);
  return { url, port: listener.port, close: () => listener.close() };
}
