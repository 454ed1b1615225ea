import { describe, expect, it } from 'vitest';
import { parseReference, type RegistryRules } from './image-reference.js';

const HUB: RegistryRules = { defaultRegistry: 'https://registry-1.docker.io', insecure: ['registry.lan:5000'] };
const OWN: RegistryRules = { defaultRegistry: 'http://127.0.0.1:5000/', insecure: [] };
const DIGEST = `sha256:${'0a'.repeat(32)}`;

describe('parseReference', () => {
  it.each([
    ['busybox', 'busybox:latest', 'https://registry-1.docker.io', 'library/busybox', 'latest'],
    ['library/busybox:1.36', 'busybox:1.36', 'https://registry-1.docker.io', 'library/busybox', '1.36'],
    ['docker.io/grafana/loki:3', 'grafana/loki:3', 'https://registry-1.docker.io', 'grafana/loki', '3'],
    ['quay.io/a/b', 'quay.io/a/b:latest', 'https://quay.io', 'a/b', 'latest'],
    ['quay.io:443/a', 'quay.io:443/a:latest', 'https://quay.io:443', 'a', 'latest'],
    ['mirror.lan:80/a', 'mirror.lan:80/a:latest', 'http://mirror.lan:80', 'a', 'latest'],
    ['registry.lan:5000/a', 'registry.lan:5000/a:latest', 'http://registry.lan:5000', 'a', 'latest'],
    ['registry.lan:5001/a', 'registry.lan:5001/a:latest', 'https://registry.lan:5001', 'a', 'latest'],
    ['localhost/a', 'localhost/a:latest', 'http://localhost', 'a', 'latest'],
    ['127.0.0.1:5000/lib/x:t', '127.0.0.1:5000/lib/x:t', 'http://127.0.0.1:5000', 'lib/x', 't'],
    ['127.0.0.1:443/x', '127.0.0.1:443/x:latest', 'https://127.0.0.1:443', 'x', 'latest'],
    ['a/b', 'a/b:latest', 'https://registry-1.docker.io', 'a/b', 'latest'],
  ])('reads %s', (text, name, registry, repository, version) => {
    expect(parseReference(text, HUB)).toMatchObject({ name, registry, repository, version });
  });

  it('lets a digest count more than a tag', () => {
    const { name, version, key } = parseReference(`busybox:1@${DIGEST}`, HUB);
    expect({ name, version, key }).toEqual({
      ...{ name: `busybox@${DIGEST}`, version: DIGEST },
      key: `docker.io/library/busybox@${DIGEST}`,
    });
  });

  it('takes images of no registry from the one that is the default', () => {
    expect(parseReference('lib/x', OWN)).toEqual({
      ...{ name: 'lib/x:latest', key: '127.0.0.1:5000/lib/x:latest', registry: 'http://127.0.0.1:5000' },
      ...{ repository: 'lib/x', version: 'latest' },
    });
    expect(parseReference('127.0.0.1:5000/lib/x', OWN).key).toBe(parseReference('lib/x', OWN).key);
    expect(parseReference('docker.io/x', OWN)).toMatchObject({
      name: 'docker.io/library/x:latest',
      repository: 'library/x',
    });
  });

  it.each([
    ['', 'a part of its repository is empty'],
    ['Busybox', "'Busybox' is no part of a repository"],
    ['a//b', 'a part of its repository is empty'],
    ['../../etc', "'..' is no"],
    ['a:', "'' is no tag"],
    ['a:b/c:d', "'a:b' is no host"],
    ['a@sha256:12', "the digest 'sha256:12'"],
    [`a@${DIGEST}@${DIGEST}`, 'more than one @'],
    ['a b', "'a b' is no part"],
  ])('refuses %j', (text, why) => {
    expect(() => parseReference(text, HUB)).toThrow(`'${text}' is no name of an image: `);
    expect(() => parseReference(text, HUB)).toThrow(why);
  });
});
