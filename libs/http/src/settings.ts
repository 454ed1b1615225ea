import type { Setting } from '@tranche/config';
import type { Logger } from '@tranche/telemetry';
import type { FastifyInstance } from 'fastify';
import type { ListQuery } from './lists/list-faults.js';
import { demand, permitsOf } from './auth/permits.js';
import { ListRequest } from './lists/list-request.js';
import { LISTS } from './lists/lists.js';
import { answerList, sourceOf } from './streams/stream-lists.js';

/** `GET /v1/settings`: every option with its value and origin. They are what they are until the service starts again. */
export function serveSettings(
  fastify: FastifyInstance,
  {
    service,
    logger,
    settings = [],
  }: { readonly service: string; readonly logger: Logger; readonly settings?: readonly Setting[] },
): void {
  const origin = { source: sourceOf(service), logger };
  const entries = settings.map((entry, rank) => ({ entry, rank, key: entry.name }));
  const page = (query: ListQuery) => {
    const list = new ListRequest(query, LISTS.settings);
    const wanted = entries.filter(
      ({ entry: { name, origin } }) => list.passes('name', name) && list.passes('origin', origin),
    );
    return list.page(wanted, 0, (setting) => setting);
  };
  fastify.get('/v1/settings', (request, reply) =>
    answerList(origin, request, reply, async () => {
      demand(permitsOf(request), ['view_flags']);
      return page(request.query as ListQuery);
    }),
  );
}
