import { ImageError } from '../image.errors.js';

/** What a manifest points at. */
export interface Descriptor {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
}

/** One image for one platform. */
export interface Manifest {
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
}

/** What a machine is, in the words of Go. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
}

/** One that is not about this machine's platform alone names others by their digests. */
export type ManifestDocument =
  | { readonly kind: 'image'; readonly manifest: Manifest }
  | { readonly kind: 'index'; readonly digest: string };

const IMAGES = ['application/vnd.docker.distribution.manifest.v2+json', 'application/vnd.oci.image.manifest.v1+json'];
const INDEXES = [
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
];

/** What a registry is asked for. */
export const ACCEPTED = [...IMAGES, ...INDEXES].join(', ');

/** Names of as many layers fit in the page that the options of an overlay may take. */
export const MAX_LAYERS = 125;

const DIGEST = /^sha256:[0-9a-f]{64}$/u;
const LAYER =
  /^application\/vnd\.(?:docker\.image\.rootfs|oci\.image\.layer)\.(?:v1\.)?(?:diff\.)?tar(?:[.+](?:gzip|zstd))?$/u;

interface Json {
  readonly [member: string]: unknown;
}

/**
 * Reads a manifest of Docker's version 2 or of OCI, or an index of such, of which the entry for the platform is taken.
 *
 * @param mediaType as the registry says it; without one, the document's own
 * @throws ImageError unsupported or bad-answer, naming what was found
 * @source Docker: image manifest V2, schema 2; OCI image-spec 1.1: manifest, image-index
 */
export function readManifest(
  bytes: Buffer,
  mediaType: string | undefined,
  platform: Platform,
  name: string,
): ManifestDocument {
  const document = parse(bytes, name);
  const type = typeOf(document, mediaType);
  if (INDEXES.includes(type)) return { kind: 'index', digest: choose(document, platform, name) };
  if (!IMAGES.includes(type))
    throw new ImageError('unsupported', `the manifest of ${name} is of the type ${type}, which is not supported`);
  const layers = document['layers'];
  if (!Array.isArray(layers)) throw new ImageError('bad-answer', `the manifest of ${name} has no layers`);
  if (layers.length > MAX_LAYERS)
    throw new ImageError('unsupported', `${name} has ${layers.length} layers, more than the ${MAX_LAYERS} supported`);
  const manifest = {
    config: descriptor(document['config'], name),
    layers: layers.map((layer) => descriptor(layer, name)),
  };
  const odd = manifest.layers.find((layer) => !LAYER.test(layer.mediaType));
  if (odd !== undefined)
    throw new ImageError('unsupported', `a layer of ${name} is of the type ${odd.mediaType}, which is not supported`);
  return { kind: 'image', manifest };
}

/** The document's own word counts more: some registries send all JSON under one type. */
function typeOf(document: Json, mediaType: string | undefined): string {
  const own = document['mediaType'];
  if (typeof own === 'string') return own;
  const told = mediaType?.split(';')[0]?.trim().toLowerCase();
  if (told !== undefined && [...IMAGES, ...INDEXES].includes(told)) return told;
  if (document['schemaVersion'] === 1) return 'application/vnd.docker.distribution.manifest.v1+json';
  if (Array.isArray(document['manifests'])) return INDEXES[1] ?? '';
  return Array.isArray(document['layers']) ? (IMAGES[1] ?? '') : (told ?? 'unknown');
}

function choose(index: Json, { os, architecture }: Platform, name: string): string {
  const manifests = index['manifests'];
  const entries = Array.isArray(manifests) ? manifests.map(membersOf) : [];
  const platforms = entries.map(({ platform }) => membersOf(platform));
  const at = platforms.findIndex((one) => one['os'] === os && one['architecture'] === architecture);
  const entry = entries[at];
  if (entry !== undefined) return descriptor(entry, name).digest;
  const known = platforms
    .map((one) => `${String(one['os'])}/${String(one['architecture'])}`)
    .filter((one) => !one.includes('un'));
  const choice = known.length === 0 ? 'no other' : known.join(', ');
  throw new ImageError('unsupported', `${name} is not for ${os}/${architecture}; it is for ${choice}`);
}

function descriptor(value: unknown, name: string): Descriptor {
  const { digest, size, mediaType } = membersOf(value);
  if (typeof digest !== 'string' || !DIGEST.test(digest)) {
    throw new ImageError(
      'bad-answer',
      `the manifest of ${name} has the digest ${JSON.stringify(digest)}, which is no sha256`,
    );
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new ImageError('bad-answer', `the manifest of ${name} has no size of ${digest}`);
  }
  return { digest, sizeBytes: size, mediaType: typeof mediaType === 'string' ? mediaType : '' };
}

/** None of what is no object. */
const membersOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

function parse(bytes: Buffer, name: string): Json {
  try {
    const document: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof document === 'object' && document !== null) return document as Json;
  } catch {
    // Said below.
  }
  throw new ImageError('bad-answer', `the manifest of ${name} is no JSON document`);
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

/** @param arch as Node has it */
export const platformOf = (arch: string): Platform => ({ os: 'linux', architecture: ARCHITECTURES[arch] ?? arch });
