import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeAbandonedHomes } from './abandoned-homes.js';
import { ContainerHome } from './supervision/container-home.js';

describe('removeAbandonedHomes', () => {
  let parent: string;
  const deadPid = spawnSync('true').pid;

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'tranche-homes-'));
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const home = (name: string, claim?: string): ContainerHome => {
    const made = new ContainerHome(join(parent, name));
    made.prepare();
    writeFileSync(made.launcherFile, '#!/bin/sh');
    rmSync(join(parent, name, 'agent'));
    if (claim !== undefined) symlinkSync(claim, join(parent, name, 'agent'));
    return made;
  };
  const removed = (): string[] => {
    const names: string[] = [];
    removeAbandonedHomes(parent, 'own', (name) => names.push(name));
    return names;
  };

  it('takes away what an agent that was killed has left', () => {
    home('own', `${deadPid} 1`);
    home('dead', `${deadPid} 1`);
    expect(removed()).toEqual(['dead']);
    expect(readdirSync(parent)).toEqual(['own']);
  });

  it('leaves what belongs to an agent that lives, as this very process does', () => {
    new ContainerHome(join(parent, 'alive')).prepare();
    expect(removed()).toEqual([]);
    expect(readdirSync(parent)).toEqual(['alive']);
  });

  it('takes a process that has the pid of a dead agent for what it is', () => {
    home('dead', `${process.pid} 1`);
    expect(removed()).toEqual(['dead']);
  });

  it.each(['containers', 'exits', 'state'])(
    'leaves what a container has left in %s, for when its agent comes back',
    (folder) => {
      home('dead', `${deadPid} 1`);
      writeFileSync(join(parent, 'dead', folder, 'c1'), '');
      expect(removed()).toEqual([]);
      expect(readdirSync(parent)).toEqual(['dead']);
    },
  );

  it('leaves what does not say whose it is', () => {
    home('unknown');
    mkdirSync(join(parent, 'other'));
    writeFileSync(join(parent, 'file'), '');
    expect(removed()).toEqual([]);
    expect(readdirSync(parent).toSorted()).toEqual(['file', 'other', 'unknown']);
  });

  it('goes on with what another agent was killed at', () => {
    home('.abandoned-dead', `${deadPid} 1`);
    expect(removed()).toEqual(['dead']);
    expect(readdirSync(parent)).toEqual([]);
  });
});
