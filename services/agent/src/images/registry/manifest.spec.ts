import { describe, expect, it } from 'vitest';
import { platformOf, readManifest } from './manifest.js';

const digest = (byte: string) => `sha256:${byte.repeat(32)}`;
const HERE = { os: 'linux', architecture: 'arm64' };
const OCI = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json';
const read = (document: unknown, type?: string) =>
  readManifest(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)), type, HERE, 'x:1');
const config = { digest: digest('aa'), size: 7, mediaType: 'application/vnd.oci.image.config.v1+json' };
const layer = (mediaType: string) => ({ digest: digest('bb'), size: 9, mediaType });

describe('readManifest', () => {
  it.each([
    [DOCKER, 'application/vnd.docker.image.rootfs.diff.tar.gzip'],
    [OCI, 'application/vnd.oci.image.layer.v1.tar+gzip'],
    [OCI, 'application/vnd.oci.image.layer.v1.tar+zstd'],
    [OCI, 'application/vnd.oci.image.layer.v1.tar'],
  ])('takes %s with layers %s', (mediaType, layerType) => {
    expect(read({ schemaVersion: 2, mediaType, config, layers: [layer(layerType)] })).toEqual({
      kind: 'image',
      manifest: {
        config: { digest: config.digest, sizeBytes: 7, mediaType: config.mediaType },
        layers: [{ digest: digest('bb'), sizeBytes: 9, mediaType: layerType }],
      },
    });
  });

  it('takes an OCI manifest that says its type only in the header, or nowhere', () => {
    expect(read({ schemaVersion: 2, config, layers: [] }, `${OCI}; charset=utf-8`).kind).toBe('image');
    expect(read({ schemaVersion: 2, config, layers: [] }, 'application/json').kind).toBe('image');
  });

  it('takes as many layers as can be laid over one another', () => {
    const layers = (count: number) =>
      Array.from({ length: count }, () => layer('application/vnd.oci.image.layer.v1.tar'));
    expect(read({ schemaVersion: 2, mediaType: OCI, config, layers: layers(125) }).kind).toBe('image');
    expect(() => read({ schemaVersion: 2, mediaType: OCI, config, layers: layers(126) })).toThrow(
      expect.objectContaining({
        fault: 'unsupported',
        message: 'x:1 has 126 layers, more than the 125 supported',
      }),
    );
  });

  it('takes from an index what is for this machine', () => {
    const manifests = [
      { ...layer(OCI), platform: { os: 'linux', architecture: 'amd64' } },
      { ...layer(OCI), digest: digest('cc'), platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      { ...layer(OCI), platform: { os: 'unknown', architecture: 'unknown' } },
    ];
    expect(read({ schemaVersion: 2, manifests })).toEqual({ kind: 'index', digest: digest('cc') });
    expect(() => read({ schemaVersion: 2, manifests: [manifests[0], manifests[2]] })).toThrow(
      'x:1 is not for linux/arm64; it is for linux/amd64',
    );
  });

  it.each([
    [
      { schemaVersion: 1, fsLayers: [] },
      'the manifest of x:1 is of the type application/vnd.docker.distribution.manifest.v1+json',
    ],
    [
      { schemaVersion: 2, mediaType: OCI, config, layers: [layer('application/vnd.in-toto+json')] },
      'application/vnd.in-toto+json',
    ],
    [
      { schemaVersion: 2, mediaType: OCI, config: { ...config, digest: 'md5:1' }, layers: [] },
      '"md5:1", which is no sha256',
    ],
    [{ schemaVersion: 2, mediaType: OCI, config: { ...config, size: -1 }, layers: [] }, 'has no size of'],
    [{ schemaVersion: 2, mediaType: OCI, config }, 'has no layers'],
    [{ schemaVersion: 2, mediaType: OCI, config: null, layers: [] }, 'has the digest undefined'],
    [{ schemaVersion: 2, mediaType: OCI, config, layers: [null] }, 'has the digest undefined'],
    [{ schemaVersion: 2, manifests: [null, 1, { platform: 'x' }] }, 'x:1 is not for linux/arm64; it is for no other'],
    ['<html>', 'is no JSON document'],
    ['null', 'is no JSON document'],
  ])('refuses %j', (document, why) => {
    expect(() => read(document)).toThrow(why);
  });
});

describe('platformOf', () => {
  it('speaks of machines as Go does', () => {
    expect([platformOf('x64'), platformOf('arm64')].map(({ architecture }) => architecture)).toEqual([
      'amd64',
      'arm64',
    ]);
  });
});
