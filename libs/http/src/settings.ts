import type { Setting } from '@tranche/config';
import type { Logger } from '@tranche/telemetry';
import type { FastifyInstance } from 'fastify';
import type { ListQuery } from './lists/list-faults.js';
import { demand, permitsOf } from './auth/permits.js';
import { ListRequest } from './lists/list-request.js';
import { LISTS } from './lists/lists.js';
import { unknown } from './problem.js';
import { ProblemError } from './problem.errors.js';
import { answerList, sourceOf } from './streams/stream-lists.js';

interface ServedSettings {
  readonly service: string;
  readonly logger: Logger;
  readonly settings?: readonly Setting[];
  readonly settingsOf?: (id: string) => Promise<readonly Setting[] | undefined>;
}

/**
 * `GET /v1/settings`: every option with its value and origin. They are what they are until the service starts again.
 *
 * With `?service=ID` those of another part of the cluster, where this service can ask for them.
 */
export function serveSettings(fastify: FastifyInstance, served: ServedSettings): void {
  const { service, logger, settings = [], settingsOf = async () => undefined } = served;
  const origin = { source: sourceOf(service), logger };
  const settingsFor = (id: string): readonly Setting[] | Promise<readonly Setting[]> =>
    id === service ? settings : settingsOf(id).then((found) => found ?? refuse(service, id));
  fastify.get('/v1/settings', (request, reply) =>
    answerList(origin, request, reply, async () => {
      demand(permitsOf(request), ['view_flags']);
      const query = request.query as ListQuery;
      const list = new ListRequest(query, LISTS.settings);
      const found = await settingsFor(list.wanted('service')?.at(-1) ?? service);
      const wanted = found
        .map((entry, rank) => ({ entry, rank, key: entry.name }))
        .filter(({ entry }) => list.passes('name', entry.name) && list.passes('origin', entry.origin));
      return list.page(wanted, 0, (setting) => setting);
    }),
  );
}

function refuse(service: string, id: string): never {
  throw new ProblemError(unknown('service', `${service} knows no service ${id} that could be asked for its settings`));
}
