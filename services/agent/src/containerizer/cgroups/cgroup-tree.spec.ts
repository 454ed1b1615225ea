import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CgroupTree } from './cgroup-tree.js';
import { FakeCgroups } from './fake-cgroups.js';

/** Above the largest pid that Linux gives out, so no process ever has it. */
const NO_PROCESS = 4_194_305;

describe('CgroupTree', () => {
  let fake: FakeCgroups;

  afterEach(() => fake.remove());

  it('has a folder per controller under v1', () => {
    fake = new FakeCgroups('v1');
    expect(fake.tree.folder('memory', 'c1')).toBe(join(fake.folder, 'memory/tranche/agent-1/c1'));
  });

  it('has one folder for all controllers under v2', () => {
    fake = new FakeCgroups('v2');
    expect(fake.tree.folder('memory', 'c1')).toBe(join(fake.folder, 'tranche/agent-1/c1'));
    expect(fake.tree.folder('cpu', 'c1')).toBe(fake.tree.folder('memory', 'c1'));
  });

  it('knows what the machine can account', () => {
    fake = new FakeCgroups('v1');
    expect(fake.tree.has('memory')).toBe(true);
    expect(fake.tree.has('hugetlb')).toBe(false);
  });

  it('reads from the v2 root what the machine can account', () => {
    fake = new FakeCgroups('v2');
    expect(fake.tree.has('memory')).toBe(true);
    expect(fake.tree.has('rdma')).toBe(false);
  });

  it('refuses a controller that the machine lacks', () => {
    fake = new FakeCgroups('v1');
    expect(() => fake.tree.folder('hugetlb', 'c1')).toThrow('the machine has no cgroup controller "hugetlb"');
  });

  it('creates a container in every hierarchy of its own tree', () => {
    fake = new FakeCgroups('hybrid');
    fake.tree.create('c1');
    const folders = ['unified', 'cpu', 'cpuacct', 'memory'].map((name) =>
      join(fake.folder, name, 'tranche/agent-1/c1'),
    );
    expect(fake.tree.procsFiles('c1')).toEqual(folders.map((folder) => join(folder, 'cgroup.procs')));
    expect(folders.every((folder) => existsSync(folder))).toBe(true);
  });

  it('has nested containers below those around them, and finds them again there', () => {
    fake = new FakeCgroups('v1');
    fake.tree.nest('c2', 'c1', true);
    fake.tree.create('c1');
    fake.tree.create('c2');
    expect(fake.tree.folder('memory', 'c2')).toBe(join(fake.folder, 'memory/tranche/agent-1/c1/mesos/c2'));
    expect(fake.tree.limitedBy('c1')).toEqual(['c1', 'c2']);
    expect(fake.tree.list().toSorted()).toEqual(['c1', 'c2']);
  });

  it('has containers at any depth, under names of their own, and finds them again by their ids', () => {
    fake = new FakeCgroups('v1');
    fake.tree.nest('c2', 'c1', true, 'middle');
    fake.tree.nest('c3', 'c2', true, 'inner');
    for (const id of ['c1', 'c2', 'c3']) fake.tree.create(id);
    const path = 'memory/tranche/agent-1/c1/mesos/middle/mesos/inner';
    expect(fake.tree.folder('memory', 'c3')).toBe(join(fake.folder, path));
    expect(fake.tree.pathWithin('c3')).toBe('mesos/inner');
    expect(fake.tree.limitedBy('c1')).toEqual(['c1', 'c2', 'c3']);
    expect(fake.tree.list().toSorted()).toEqual(['c1', 'c2', 'c3']);
  });

  it('takes folders that nobody has spoken of for what their names say, but for nothing that has an id already', () => {
    fake = new FakeCgroups('v1');
    for (const path of ['c1/mesos/stray', 'c1/mesos/c2', 'c2']) {
      mkdirSync(join(fake.folder, 'memory/tranche/agent-1', path), { recursive: true });
    }
    expect(fake.tree.list().toSorted()).toEqual(['c1', 'c1.c2', 'c2', 'stray']);
    expect(fake.tree.pathOf('c1.c2')).toBe('c1/mesos/c2');
  });

  it('makes groups within what a living container has', () => {
    fake = new FakeCgroups('hybrid');
    mkdirSync(join(fake.folder, 'memory/tranche/agent-1/c1'), { recursive: true });
    fake.tree.nestGroup('g1', 'c1', 'session');
    fake.tree.createGroup('g1');
    expect(existsSync(join(fake.folder, 'memory/tranche/agent-1/c1/mesos/session'))).toBe(true);
    expect(existsSync(join(fake.folder, 'cpu/tranche/agent-1/c1'))).toBe(false);
  });

  it('can have no container in another that an agent before made where nothing else can be under v2', () => {
    fake = new FakeCgroups('v2');
    mkdirSync(join(fake.folder, 'tranche/agent-1/c1'), { recursive: true });
    fake.tree.create('c2');
    expect([fake.tree.canHold('c1'), fake.tree.canHold('c2')]).toEqual([false, true]);
    fake.tree.nestGroup('g1', 'c1', 'session');
    expect(fake.tree.pathOf('g1')).toBe('c1/mesos/session');
  });

  it('makes groups where the processes of their container are under v2, and finds them again', () => {
    fake = new FakeCgroups('v2');
    fake.tree.create('c1');
    fake.tree.nestGroup('g1', 'c1', 'session');
    fake.tree.createGroup('g1');
    const base = join(fake.folder, 'tranche/agent-1/c1');
    expect(existsSync(join(base, 'own/mesos/session'))).toBe(true);
    expect(fake.tree.pathWithin('g1')).toBe('mesos/session');
    const next = new CgroupTree(
      { mode: 'v2', controllers: new Map(), hierarchies: [], unified: fake.folder },
      'tranche/agent-1',
    );
    expect(next.list().toSorted()).toEqual(['c1', 'session']);
    expect(next.pathOf('session')).toBe('c1/own/mesos/session');
  });

  it('keeps the processes of a container apart from containers in it under v2, where both cannot be in one', () => {
    fake = new FakeCgroups('v2');
    fake.tree.nest('c2', 'c1', false);
    const base = join(fake.folder, 'tranche/agent-1/c1');
    mkdirSync(base, { recursive: true });
    writeFileSync(join(base, 'cgroup.controllers'), 'cpu memory pids');
    fake.tree.create('c1');
    fake.tree.create('c2');
    expect(fake.tree.folder('memory', 'c1')).toBe(base);
    expect(fake.tree.procsFiles('c1')).toEqual([join(base, 'own/cgroup.procs')]);
    expect(fake.tree.procsFiles('c2')).toEqual([join(base, 'mesos/c2/own/cgroup.procs')]);
    expect(readFileSync(join(base, 'cgroup.subtree_control'), 'utf8')).toBe('+cpu +memory +pids');
  });

  it('lists a container that has a folder in only one hierarchy', () => {
    fake = new FakeCgroups('hybrid');
    mkdirSync(join(fake.folder, 'cpuacct/tranche/agent-1/stray'), { recursive: true });
    expect(fake.tree.list()).toEqual(['stray']);
  });

  it('keeps containers of crun below an anchor of the v2 tree in hybrid mode', () => {
    fake = new FakeCgroups('hybrid');
    const { anchor } = fake.tree;
    expect(anchor).toBe(join(fake.folder, 'unified/tranche.crun'));
    mkdirSync(join(anchor ?? '', 'tranche/agent-1/c1'), { recursive: true });
    expect(fake.tree.list()).toEqual(['c1']);
  });

  it('has no anchor in the other modes', () => {
    fake = new FakeCgroups('v2');
    expect(fake.tree.anchor).toBeUndefined();
  });

  it('finds the processes of nested cgroups as well', () => {
    fake = new FakeCgroups('v2');
    const folder = fake.tree.folder('', 'c1');
    mkdirSync(join(folder, 'nested'), { recursive: true });
    writeFileSync(join(folder, 'cgroup.procs'), '11\n12\n');
    writeFileSync(join(folder, 'nested/cgroup.procs'), '13\n');
    expect(fake.tree.processes('c1')).toEqual([11, 12, 13]);
  });

  it('finds no process in a cgroup that is gone', () => {
    fake = new FakeCgroups('v1');
    expect(fake.tree.processes('c1')).toEqual([]);
  });

  it('has nothing to kill in a cgroup that is gone', async () => {
    fake = new FakeCgroups('v2');
    await expect(fake.tree.kill('c1')).resolves.toBeUndefined();
  });

  it('asks the kernel to kill all at once where it can', async () => {
    fake = new FakeCgroups('v2');
    const folder = fake.tree.folder('', 'c1');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'cgroup.procs'), `${NO_PROCESS}\n`);
    writeFileSync(join(folder, 'cgroup.kill'), '');
    const killing = fake.tree.kill('c1');
    writeFileSync(join(folder, 'cgroup.procs'), '');
    await killing;
    expect(fake.read('', 'c1', 'cgroup.kill')).toBe('1');
  });

  it('hands controllers down from the v2 root to its own folder', () => {
    fake = new FakeCgroups('v2');
    writeFileSync(join(fake.folder, 'cgroup.subtree_control'), 'cpu\n');
    fake.tree.create('c1');
    expect(fake.read('', '../..', 'cgroup.subtree_control')).toBe('+memory +pids');
  });

  it('removes a container everywhere, nested cgroups first', async () => {
    fake = new FakeCgroups('v1');
    for (const name of ['cpu', 'memory']) {
      mkdirSync(join(fake.folder, name, 'tranche/agent-1/c1/nested'), { recursive: true });
    }
    await fake.tree.remove('c1');
    expect(fake.tree.list()).toEqual([]);
  });

  it('removes its folders, and those above that nobody else has a folder in', () => {
    fake = new FakeCgroups('hybrid');
    fake.tree.createRoot();
    fake.tree.removeRoot();
    expect(existsSync(join(fake.folder, 'cpu/tranche'))).toBe(false);
    expect(existsSync(fake.tree.anchor ?? '')).toBe(false);
    expect(existsSync(join(fake.folder, 'cpu'))).toBe(true);
  });

  it('keeps the folders above for another agent', () => {
    fake = new FakeCgroups('hybrid');
    fake.tree.createRoot();
    mkdirSync(join(fake.folder, 'cpu/tranche/agent-2'), { recursive: true });
    mkdirSync(join(fake.tree.anchor ?? '', 'tranche/agent-2'), { recursive: true });
    fake.tree.removeRoot();
    expect(existsSync(join(fake.folder, 'cpu/tranche/agent-1'))).toBe(false);
    expect(existsSync(join(fake.folder, 'cpu/tranche/agent-2'))).toBe(true);
    expect(existsSync(join(fake.tree.anchor ?? '', 'tranche/agent-2'))).toBe(true);
  });

  it('has a folder for what watches over containers beside those of the agents, in every hierarchy', () => {
    fake = new FakeCgroups('hybrid');
    fake.tree.createRoot();
    const { procsFiles } = fake.tree.supervisors;
    expect(procsFiles).toContain(join(fake.folder, 'memory/tranche.supervisors/cgroup.procs'));
    for (const file of procsFiles) expect(existsSync(dirname(file))).toBe(true);
    expect(fake.tree.list()).toEqual([]);
    fake.tree.removeRoot();
    for (const file of procsFiles) expect(existsSync(dirname(file))).toBe(false);
  });

  it('keeps a folder with a container in it', () => {
    fake = new FakeCgroups('v1');
    mkdirSync(join(fake.folder, 'memory/tranche/agent-1/c1'), { recursive: true });
    fake.tree.removeRoot();
    expect(fake.tree.list()).toEqual(['c1']);
  });

  it('does not mistake the agents above it for containers', () => {
    fake = new FakeCgroups('v2');
    mkdirSync(join(fake.folder, 'tranche/agent-2/c9'), { recursive: true });
    expect(fake.tree.list()).toEqual([]);
  });

  it('is empty where no cgroups are mounted', () => {
    fake = new FakeCgroups('v1');
    const tree = new CgroupTree({ mode: 'none', controllers: new Map(), hierarchies: [] }, 'tranche/agent-1');
    expect(tree.list()).toEqual([]);
    expect(tree.processes('c1')).toEqual([]);
  });
});
