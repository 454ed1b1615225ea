import type { FastifyInstance } from 'fastify';
import { documentOfRegistry, type MountedRoute, openApiDocument } from './openapi-document.js';
import { serveSwaggerUi } from './swagger-ui.js';

/**
 * Serves `/openapi.json`, `/docs` of an application. To be called before its routes are mounted: it notes them.
 *
 * @returns the routes, filled while they are mounted
 */
export function serveApiDocs(fastify: FastifyInstance, service: string, version: string): readonly MountedRoute[] {
  const routes: MountedRoute[] = [];
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
  fastify.get('/openapi.json', async (_request, reply) => {
    const document =
      service === 'registry' ? documentOfRegistry(version, routes) : openApiDocument(service, version, routes);
    return reply.type('application/json').send(JSON.stringify(document));
  });
  serveSwaggerUi(fastify);
  return routes;
}
