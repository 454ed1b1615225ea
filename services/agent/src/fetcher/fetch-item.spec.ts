import { describe, expect, it } from 'vitest';
import { parseItem } from './fetch-item.js';

const DIGEST = 'ab'.repeat(32);
const item = (uri: string, more: object = {}, home?: string) => parseItem({ value: uri, ...more }, home);

describe('parseItem', () => {
  it.each([
    ['http://h/a/b.txt', 'b.txt', { kind: 'http', url: 'http://h/a/b.txt' }],
    ['https://h/b.sh?x=1', 'b.sh?x=1', { kind: 'http', url: 'https://h/b.sh?x=1' }],
    ['file:///srv/b.txt', 'b.txt', { kind: 'file', path: '/srv/b.txt' }],
    ['file://localhost/srv/b.txt', 'b.txt', { kind: 'file', path: '/srv/b.txt' }],
    ['/srv/b.txt', 'b.txt', { kind: 'file', path: '/srv/b.txt' }],
  ])('takes %s into the file %s', (uri, name, source) => {
    expect(item(uri)).toEqual({ ok: true, item: { uri, name, source, isExecutable: false, isCached: false } });
  });

  it('takes relative paths below the home of the frameworks, if there is one', () => {
    expect(item('f/x', {}, '/srv/fw/')).toMatchObject({ item: { source: { kind: 'file', path: '/srv/fw/f/x' } } });
    expect(item('f/x')).toEqual({
      ok: false,
      fault: 'a relative path needs the option AGENT_FRAMEWORKS_HOME of the agent',
    });
  });

  it.each([
    ['a.tar', 'tar'],
    ['a.tgz', 'tar.gz'],
    ['a.tar.gz', 'tar.gz'],
    ['a.tbz2', 'tar.bz2'],
    ['a.tar.bz2', 'tar.bz2'],
    ['a.txz', 'tar.xz'],
    ['a.tar.xz', 'tar.xz'],
    ['a.zip', 'zip'],
    ['a.gz', 'gunzip'],
    ['a.jar', undefined],
    ['tar', undefined],
  ])('unpacks %s as %s', (name, kind) => {
    const parsed = item(`/srv/${name}`);
    expect(parsed.ok && parsed.item.unpack).toBe(kind);
  });

  it('decides by the name in the sandbox, not by that in the URI', () => {
    expect(item('http://h/x?id=1', { output_file: 'd/a.zip' })).toMatchObject({
      item: { name: 'd/a.zip', unpack: 'zip' },
    });
    expect(item('http://h/a.zip', { output_file: 'a' })).not.toHaveProperty('item.unpack');
  });

  it('leaves packed what is executable or not to be extracted', () => {
    expect(item('/a.zip', { executable: true })).not.toHaveProperty('item.unpack');
    expect(item('/a.zip', { extract: false })).not.toHaveProperty('item.unpack');
  });

  it('reads the checksum after the URI, which is part neither of the address nor of the name', () => {
    const uri = `http://h/a.zip#sha256=${DIGEST.toUpperCase()}`;
    expect(item(uri)).toMatchObject({
      item: { uri, name: 'a.zip', unpack: 'zip', sha256: DIGEST, source: { url: 'http://h/a.zip' } },
    });
  });

  it.each([
    ['http://h/', {}, 'has no file name at its end'],
    ['http://h', {}, 'has no file name at its end'],
    ['/srv/..', {}, 'has no file name at its end'],
    ['hdfs://h/x', {}, 'the scheme hdfs is not supported; http, https, file and paths are'],
    ['/x', { output_file: '' }, 'its output_file is empty'],
    ['/x', { output_file: '/etc/x' }, 'its output_file /etc/x is an absolute path'],
    ['/x', { output_file: 'a/../../x' }, 'its output_file a/../../x leads out of the sandbox'],
    ['/x#sha256=12', {}, '#sha256 must be 64 hexadecimal digits, got "12"'],
  ])('refuses %s %j: %s', (uri, more, fault) => {
    expect(item(uri, more)).toEqual({ ok: false, fault });
  });
});
