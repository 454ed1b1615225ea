import { ImageError } from '../image.errors.js';

/** Where images without a registry come from, and which registries speak plain HTTP. */
export interface RegistryRules {
  /** Base of the URLs of the registry that is meant when an image names none: `https://registry-1.docker.io`. */
  readonly defaultRegistry: string;
  /** Hosts, with their ports, that are asked by HTTP although they are not this machine. */
  readonly insecure: readonly string[];
}

/** An image as a task names it, understood. */
export interface ImageReference {
  /** One name for all ways to write it, without the registry that is the default: `busybox:latest`, `127.0.0.1:5000/lib/x@sha256:…`. */
  readonly name: string;
  /** With the registry in any case: what it is kept under. */
  readonly key: string;
  /** Base of the registry's URLs, without a slash at its end. */
  readonly registry: string;
  /** `library/busybox`. */
  readonly repository: string;
  /** What is asked for: a digest, else a tag. */
  readonly version: string;
}

/** Docker's own registry under the name that people give it, and under the one that answers. */
const HUB = 'docker.io';
const HUB_URL = 'https://registry-1.docker.io';
const HUB_HOSTS = new Set([HUB, 'index.docker.io', 'registry-1.docker.io']);

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/u;
const TAG = /^\w[\w.-]{0,127}$/u;
const DIGEST = /^sha256:[0-9a-f]{64}$/u;
const HOST = /^(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/iu;
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/u;

/**
 * Reads `[registry/]repository[:tag][@digest]`. The first part is a registry if it holds a dot or a colon or is `localhost`; a digest counts
 * more than a tag; without either the tag is `latest`. A repository of one word in Docker's own registry is below `library/`.
 *
 * @throws ImageError bad-reference, naming what is wrong
 * @source Mesos 1.11: docker image references; the registries that plain HTTP is spoken with
 */
export function parseReference(text: string, rules: RegistryRules): ImageReference {
  const fail = (why: string): never => {
    throw new ImageError('bad-reference', `'${text}' is no name of an image: ${why}`);
  };
  const [withTag = '', digest, ...more] = text.split('@');
  if (more.length > 0) fail('it has more than one @');
  if (digest !== undefined && !DIGEST.test(digest))
    fail(`the digest '${digest}' is not sha256: and 64 hexadecimal digits`);
  const [first = '', ...rest] = withTag.split('/');
  const isNamed = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost');
  if (isNamed && !HOST.test(first)) fail(`'${first}' is no host`);
  const path = isNamed ? rest.join('/') : withTag;
  const colon = path.lastIndexOf(':');
  const tag = colon === -1 ? 'latest' : path.slice(colon + 1);
  if (!TAG.test(tag)) fail(`'${tag}' is no tag`);
  const words = (colon === -1 ? path : path.slice(0, colon)).split('/');
  const bad = words.find((word) => !COMPONENT.test(word));
  if (bad !== undefined) fail(bad === '' ? 'a part of its repository is empty' : `'${bad}' is no part of a repository`);
  const { registry, host } = isNamed ? named(first, rules) : placeOf(rules.defaultRegistry);
  const isHub = host === HUB;
  const repository = isHub && words.length === 1 ? `library/${words.join('/')}` : words.join('/');
  const version = digest ?? tag;
  const suffix = digest === undefined ? `:${tag}` : `@${digest}`;
  const isDefault = host === placeOf(rules.defaultRegistry).host;
  const shown = isHub ? repository.replace(/^library\//u, '') : repository;
  return {
    ...{ registry, repository, version, key: `${host}/${repository}${suffix}` },
    name: isDefault ? `${shown}${suffix}` : `${host}/${repository}${suffix}`,
  };
}

function named(host: string, { insecure }: RegistryRules): { registry: string; host: string } {
  if (HUB_HOSTS.has(host)) return { registry: HUB_URL, host: HUB };
  const isPlain = host.endsWith(':80') || (!host.endsWith(':443') && (LOOPBACK.test(host) || insecure.includes(host)));
  return { registry: `${isPlain ? 'http' : 'https'}://${host}`, host };
}

function placeOf(url: string): { registry: string; host: string } {
  const registry = url.replace(/\/+$/u, '');
  const host = registry.replace(/^https?:\/\//u, '');
  return { registry, host: HUB_HOSTS.has(host) ? HUB : host };
}
