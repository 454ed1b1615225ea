import type { FastifyInstance } from 'fastify';
import { DOCS_PAGE } from './docs-page.js';
import { type MountedRoute, openApiDocument } from './openapi-document.js';

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
  fastify.get('/openapi.json', async (_request, reply) =>
    reply.type('application/json').send(JSON.stringify(openApiDocument(service, version, routes))),
  );
  fastify.get('/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(DOCS_PAGE));
  return routes;
}
