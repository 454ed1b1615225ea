import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainerHome, decodeLimits, encodeLimits } from './container-home.js';

describe('ContainerHome', () => {
  let folder: string;
  let home: ContainerHome;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-home-'));
    home = new ContainerHome(join(folder, 'runtime'));
    home.prepare();
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('links the sandbox', () => {
    home.create('c1', '/srv/sandbox');
    expect(readlinkSync(join(home.folder('c1'), 'sandbox'))).toBe('/srv/sandbox');
  });

  it('leaves nothing behind when no container is left, not even the folder that agents share', () => {
    const shared = join(folder, 'tranche');
    const [one, other] = ['agent-1', 'agent-2'].map((name) => new ContainerHome(join(shared, name)));
    for (const each of [one, other]) each?.prepare();
    writeFileSync(one?.launcherFile ?? '', '#!/bin/sh');
    one?.create('c1', '/srv/sandbox');
    one?.removeIfEmpty();
    expect(one?.has('c1')).toBe(true);
    one?.remove('c1');
    one?.removeIfEmpty();
    expect(readdirSync(shared)).toEqual(['agent-2']);
    other?.removeIfEmpty();
    expect(readdirSync(folder)).toEqual(['runtime']);
  });

  it('does not remove what others have put into its folder', () => {
    writeFileSync(join(home.rootfs, 'file'), '');
    home.removeIfEmpty();
    expect(readdirSync(home.runtimeDir)).toEqual(['rootfs']);
    home.prepare();
  });

  it('never uses an id twice', () => {
    home.create('c1', '/srv/sandbox');
    expect(() => home.create('c1', '/srv/sandbox')).toThrow('EEXIST');
  });

  it('reads nothing from an exit file that a crash left empty', () => {
    writeFileSync(join(home.exitsFolder, 'c1'), '');
    expect(home.readExit('c1')).toBeUndefined();
  });

  it('lists ids of which only an exit file is left, and no unfinished ones', () => {
    home.create('c1', '/srv/sandbox');
    writeFileSync(join(home.exitsFolder, 'c2'), '0');
    writeFileSync(join(home.exitsFolder, '.c3.tmp'), '0');
    expect(home.list().toSorted()).toEqual(['c1', 'c2']);
  });

  it('removes every trace, again and again', () => {
    home.create('c1', '/srv/sandbox');
    writeFileSync(join(home.exitsFolder, 'c1'), '0');
    home.remove('c1');
    home.remove('c1');
    expect(home.list()).toEqual([]);
  });
});

describe('limits as text', () => {
  it.each(['', '{', 'null', '7', '{}', '{"cpusMilli":"1","memBytes":1}'])('are no limits when they are %j', (text) => {
    expect(() => decodeLimits(text)).toThrow(SyntaxError);
  });

  it('come back as they were, infinite ones too', () => {
    const limits = { cpusMilli: 100, cpusLimitMilli: Number.POSITIVE_INFINITY, memBytes: 5, memLimitBytes: 7 };
    expect(decodeLimits(encodeLimits(limits))).toEqual(limits);
  });
});
