import {
  convertJson,
  jsonSyntaxError,
  messageTypes,
  type OfferOperation,
  parseJson,
  type Resource,
} from '@tranche/mesos-api';

/** The classic paths of operators' operations. */
export const FORM_PATHS = ['/reserve', '/unreserve', '/create-volumes', '/destroy-volumes'] as const;
export type FormPath = (typeof FORM_PATHS)[number];

export type ParsedForm =
  | { readonly ok: true; readonly agentId: string; readonly info: OfferOperation }
  /** Mesos' text of the 400 answer. */
  | { readonly ok: false; readonly error: string };

const LISTS: Readonly<Record<FormPath, 'resources' | 'volumes'>> = {
  '/reserve': 'resources',
  '/unreserve': 'resources',
  '/create-volumes': 'volumes',
  '/destroy-volumes': 'volumes',
};

const OPERATIONS: Readonly<Record<FormPath, (list: Resource[], source: Resource[] | undefined) => OfferOperation>> = {
  '/reserve': (resources, source) => ({ type: 'RESERVE', reserve: { ...(source && { source }), resources } }),
  '/unreserve': (resources) => ({ type: 'UNRESERVE', unreserve: { resources } }),
  '/create-volumes': (volumes) => ({ type: 'CREATE', create: { volumes } }),
  '/destroy-volumes': (volumes) => ({ type: 'DESTROY', destroy: { volumes } }),
};

/** Reads `slaveId=…&resources=[…]`, percent-encoded. @source classic endpoints §2 */
export function parseOperationForm(path: FormPath, body: string): ParsedForm {
  const form = decodeForm(body);
  if (form === undefined) return failed(`Unable to decode query string: '${body}' is not percent-encoded`);
  const agentId = form.get('slaveId');
  if (agentId === undefined) return failed("Missing 'slaveId' query parameter in the request body");
  const name = LISTS[path];
  const list = resourcesIn(form, name);
  if (list === undefined) return failed(`Missing '${name}' query parameter in the request body`);
  if (typeof list === 'string') return failed(list);
  const source = path === '/reserve' ? resourcesIn(form, 'source') : undefined;
  if (typeof source === 'string') return failed(source);
  return { ok: true, agentId, info: OPERATIONS[path](list, source) };
}

const failed = (error: string): ParsedForm => ({ ok: false, error });

/** @returns undefined when something is not percent-encoded */
function decodeForm(body: string): Map<string, string> | undefined {
  try {
    const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
    const pairs = body.split(/[&;]/).filter((pair) => pair.includes('='));
    return new Map(
      pairs.map((pair) => {
        const at = pair.indexOf('=');
        return [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
      }),
    );
  } catch {
    return undefined;
  }
}

/** @returns why it cannot be read; undefined when it is not there */
function resourcesIn(form: ReadonlyMap<string, string>, name: string): Resource[] | string | undefined {
  const text = form.get(name);
  if (text === undefined) return undefined;
  const fault = (error: string): string => `Error parsing '${name}' query parameter in the request body: ${error}`;
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    return fault(jsonSyntaxError(text));
  }
  if (!Array.isArray(json)) return fault('Unexpected JSON type parsed');
  const resources: Resource[] = [];
  for (const item of json as unknown[]) {
    const resource = convertJson(messageTypes.Resource, item);
    if (!resource.ok) return fault(resource.error);
    resources.push(resource.value);
  }
  return resources;
}
