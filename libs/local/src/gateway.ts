import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { canonicalUrl, CLIENT_CONNECTIONS, type OpenApiDocument, ownerOf, type PublicService } from '@tranche/http';

/** Handles a request as if it had come in on the service's own port. */
export type ServiceHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The public address of the local cluster: one port, every request handed to the service that owns its path.
 *
 * The services live in this process, so a request is handed over, not forwarded: no second socket, and an event stream keeps its chunks
 * (a proxy may join or split them, and some clients parse chunks). See docs/adr/0004-gateway-without-a-second-hop.md.
 */
export class Gateway {
  private readonly server: Server;

  /** @param openApi the sum of what the services have */
  constructor(handlers: Readonly<Record<PublicService, ServiceHandler>>, openApi: () => Promise<OpenApiDocument>) {
    this.server = createServer(CLIENT_CONNECTIONS, (request, response) => {
      const path = canonicalUrl(request.url ?? '/', 'cluster');
      if (path === '/openapi.json') return void sendDocument(response, openApi());
      handlers[ownerOf(path) ?? 'registry'](request, response);
    });
  }

  /** @throws NodeJS.ErrnoException EADDRINUSE when the port is taken */
  listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  /** Ends all connections, streams included. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

async function sendDocument(response: ServerResponse, document: Promise<OpenApiDocument>): Promise<void> {
  const text = JSON.stringify(await document);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}
