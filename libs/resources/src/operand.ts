import { asResourceJson } from './json/check-shape.js';
import { readResource } from './json/read-resource.js';
import { validateResources } from './json/validate-resources.js';
import { kindConflict } from './kinds.js';
import type { Resource } from './resource.js';
import { ResourceError } from './resource.errors.js';
import { Resources } from './resources.js';
import { parseAgentResources, parseJsonArray } from './text/agent-resources.js';
import { parseResourceText, type ParseOptions } from './text/parse-resources.js';

/**
 * Resources as people write them in scenarios and requests: a text, or a list of texts and v1 resource documents.
 * A text whose first character is `[` is a JSON array of documents.
 *
 * @throws ResourceError naming what is wrong; also when one name has two kinds (allocation rule A1)
 */
export function readResources(operand: unknown): Resources {
  const list = Array.isArray(operand) ? operand.flatMap(readElement) : readText(operand);
  return collect(list);
}

/**
 * Resources as an agent's `--resources` gives them: a JSON array or plain text without suffixes.
 *
 * @throws ResourceError with Mesos' text; persistent volumes, revocable resources and dynamic reservations are refused
 */
export function readAgentResources(text: string, options?: ParseOptions): Resources {
  return Resources.of(parseAgentResources(text, options));
}

/**
 * A collection in which every name has one kind.
 *
 * @throws ResourceError `resources/invalid`
 */
export function collect(list: Iterable<Resource>): Resources {
  const resources = [...list];
  const name = kindConflict(resources);
  if (name !== undefined) throw new ResourceError('resources/invalid', `${name}: used with two kinds of value`);
  return Resources.of(resources);
}

function readElement(element: unknown): Resource[] {
  return typeof element === 'string' ? readText(element) : [readDocument(element)];
}

function readText(text: unknown): Resource[] {
  if (typeof text !== 'string') throw new ResourceError('resources/bad-json', 'expected resources: a text or a list');
  return text.trimStart().startsWith('[') ? parseJsonArray(text).map(readDocument) : parseResourceText(text);
}

function readDocument(value: unknown): Resource {
  const json = asResourceJson(value);
  const error = validateResources([json]);
  if (error !== undefined) throw new ResourceError('resources/invalid', error);
  return readResource(json);
}
