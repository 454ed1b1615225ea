import { viewSchemas } from '@tranche/contracts';
import { ownerOf } from '../mesos-paths.js';
import { MESOS_OPERATIONS } from './mesos-operations.js';
import { isOneOperation, type Operation, type QueryParameter } from './operation.js';
import { BYTES } from './rest-bodies.js';
import { REST_OPERATIONS } from './rest-operations.js';

/** One route of an application, as Fastify knows it. */
export interface MountedRoute {
  readonly method: string;
  /** `/v1/tasks/:id`. */
  readonly url: string;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string };
  /** Beside the document, wherever an ingress has put that. */
  readonly servers: readonly { readonly url: string }[];
  /** Any one of them. */
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
  /** Routes that are mounted and not described here: a test wants none. */
  readonly 'x-undescribed': readonly string[];
}

const PROBLEM = {
  type: 'object',
  description: 'RFC 9457: what is wrong, with its values. Codes are stable: docs/errors.md',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    traceId: { type: 'string' },
    errors: { type: 'array', items: { type: 'object' } },
    hints: { type: 'array', items: { type: 'string' } },
  },
};

const SECURITY_SCHEMES = { basic: { type: 'http', scheme: 'basic' }, bearer: { type: 'http', scheme: 'bearer' } };

/** What documents of one service and their sum have in common. */
const COMMON = {
  openapi: '3.1.0',
  servers: [{ url: './' }],
  // None where the cluster asks nobody who they are.
  security: [{}, { basic: [] }, { bearer: [] }],
} as const;

/** Routes that nobody has described: Mesos' endpoints answer every method, so only their path counts. */
const undescribed = (routes: readonly MountedRoute[]): string[] =>
  routes
    .filter(({ method, url }) => method !== 'HEAD' && method !== 'OPTIONS' && describe(method, url) === undefined)
    .map(({ method, url }) => `${method} ${url}`);

/**
 * The OpenAPI document of one service: what it mounts, as far as it is described, and nothing that it does not mount.
 */
export function openApiDocument(service: string, version: string, routes: readonly MountedRoute[]): OpenApiDocument {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, url } of routes) {
    for (const [path, operation] of describe(method, url) ?? []) {
      (paths[path] ??= {})[method.toLowerCase()] = operationObject(service, path, operation);
    }
  }
  return {
    ...COMMON,
    info: { title: `Tranche: ${service}`, version },
    paths,
    components: { schemas: { ...viewSchemas, Problem: PROBLEM }, securitySchemes: SECURITY_SCHEMES },
    'x-undescribed': undescribed(routes),
  };
}

/**
 * What the registry documents: everything of its cluster, since all that an ingress does not route to others is the registry's,
 * `/openapi.json` too. Whatever another service owns it answers by sending the client there.
 */
export function documentOfRegistry(version: string, routes: readonly MountedRoute[]): OpenApiDocument {
  const others = (['allocator', 'offers', 'quota'] as const).map((service) =>
    openApiDocument(
      service,
      version,
      describedRoutes.filter(({ url }) => ownerOf(url) === service),
    ),
  );
  return sumOfDocuments([openApiDocument('registry', version, routes), ...others], version);
}

/** Every route that somebody has described, whoever mounts it. */
const describedRoutes: readonly MountedRoute[] = [
  ...Object.keys(REST_OPERATIONS).map((route) => {
    const [method = '', url = ''] = route.split(' ');
    return { method, url };
  }),
  ...Object.entries(MESOS_OPERATIONS).flatMap(([url, methods]) =>
    Object.keys(methods).map((method) => ({ method, url })),
  ),
];

/** What a cluster serves under its one address. */
export function sumOfDocuments(documents: readonly OpenApiDocument[], version: string): OpenApiDocument {
  return {
    ...COMMON,
    info: { title: 'Tranche', version },
    paths: Object.fromEntries(documents.flatMap(({ paths }) => Object.entries(paths))),
    components: {
      schemas: Object.fromEntries(documents.flatMap(({ components }) => Object.entries(components.schemas))),
      securitySchemes: SECURITY_SCHEMES,
    },
    'x-undescribed': documents.flatMap((document) => document['x-undescribed']),
  };
}

/** @returns the documented forms of a route; none where a method is answered only to be refused; undefined when nobody has described it */
function describe(method: string, url: string): readonly (readonly [string, Operation])[] | undefined {
  const mesos = MESOS_OPERATIONS[url];
  if (mesos !== undefined) {
    const operation = mesos[method.toLowerCase()];
    return operation === undefined ? [] : [[openApiPath(url), operation]];
  }
  const rest = REST_OPERATIONS[`${method} ${url}`];
  if (rest === undefined) return undefined;
  return isOneOperation(rest) ? [[openApiPath(url), rest]] : Object.entries(rest);
}

const openApiPath = (url: string): string => url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}');

function operationObject(service: string, path: string, operation: Operation): object {
  const { summary, query = {}, body, status = 200 } = operation;
  const isMesos = MESOS_OPERATIONS[path] !== undefined;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, parameter]) => ({
    name,
    in: 'query',
    description: parameter.says,
    ...schemaOf(parameter),
  }));
  return {
    summary,
    tags: [isMesos ? `Mesos (${service})` : service],
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    ...(body === undefined ? {} : { requestBody: { content: bodyContent(isMesos, body) } }),
    responses: {
      [status]: { description: 'done', ...answerContent(operation) },
      ...(path.startsWith('/v1/')
        ? { default: { description: 'refused', content: { 'application/problem+json': { schema: ref('Problem') } } } }
        : {}),
    },
  };
}

/** A flag that stands alone is set, which `allowEmptyValue` says. */
function schemaOf({ known, isFlag, numbers, repeats }: QueryParameter): object {
  if (isFlag) return { allowEmptyValue: true, schema: { type: 'boolean' } };
  if (numbers !== undefined) return { schema: { type: 'number', minimum: numbers[0], maximum: numbers[1] } };
  const schema = { type: 'string', ...(known === undefined ? {} : { enum: known }) };
  return { schema: repeats ? { type: 'array', items: schema } : schema };
}

const bodyContent = (isMesos: boolean, schema: object): object => ({
  [schema === BYTES ? 'application/octet-stream' : 'application/json']: { schema },
  ...(isMesos ? { 'application/x-protobuf': { schema: { type: 'string', format: 'binary' } } } : {}),
});

function answerContent({ answer, besides = {} }: Operation): object {
  if (answer === undefined) return {};
  const name = answer.replaceAll(/[[\]]/g, '');
  const item = viewSchemas[name] === undefined ? { type: 'object' } : ref(name);
  const schema = answer.startsWith('[')
    ? {
        type: 'object',
        required: ['items', 'asOf'],
        properties: {
          items: { type: 'array', items: item },
          next: { type: 'string', description: 'cursor of the next page; absent on the last' },
          total: {
            type: 'integer',
            description: 'items in all, on every page; with count=true, where to count them is not too much',
          },
          asOf: { type: 'integer', description: 'number of the newest change in the list' },
          ...besides,
        },
      }
    : item;
  return { content: { 'application/json': { schema } } };
}

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
