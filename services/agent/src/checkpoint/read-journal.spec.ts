import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frameworkInfo, taskLaunch } from '../testing/task.builder.js';
import { AgentState } from './agent-state.js';
import { encodeBatch, journalHeader } from './journal-format.js';
import { readJournal } from './read-journal.js';
import type { CheckpointRecord } from './record.js';

const batch = (number: number, ...records: CheckpointRecord[]): Buffer =>
  encodeBatch(
    number,
    records.map((record) => JSON.stringify(record)),
  );
const header = Buffer.from(journalHeader());
const agent = batch(1, { kind: 'agent', agentId: 'S0' });
const framework = batch(2, { kind: 'framework', frameworkId: 'F', info: frameworkInfo() });
const task = batch(3, { kind: 'task', launch: taskLaunch() });

describe('readJournal', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agent-journal-'));
    path = join(folder, 'agent.journal');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const read = async (bytes?: Buffer) => {
    if (bytes !== undefined) await writeFile(path, bytes);
    const state = new AgentState();
    return { state, reading: await readJournal(path, state) };
  };

  it('has nothing to tell where there is no file', async () => {
    expect((await read()).reading).toEqual({ findings: [] });
  });

  it('says where a good journal ends, a torn batch left out', async () => {
    const good = Buffer.concat([header, agent, framework]);
    const { reading, state } = await read(Buffer.concat([good, task.subarray(0, -3)]));
    expect(reading).toEqual({ findings: [], end: { lastBatch: 2, sizeBytes: good.length } });
    expect([...state.tasks()]).toEqual([]);
  });

  it('never writes on in a journal of the version before', async () => {
    const { reading, state } = await read(Buffer.concat([Buffer.from('tranche-agent-journal 1\n'), agent]));
    expect(reading).toEqual({ findings: [] });
    expect(state.agentId).toBe('S0');
  });

  it('keeps what is good around a damaged batch, and the damaged file', async () => {
    const bytes = Buffer.concat([header, agent, framework, task]);
    const damaged = Buffer.from(bytes);
    damaged[header.length + agent.length + framework.length - 5] = 0;
    const { reading, state } = await read(damaged);
    expect(state.agentId).toBe('S0');
    expect(reading.findings).toEqual([
      `${path} is damaged at byte ${header.length + agent.length}: batch 2 is unreadable although batch 3 is there`,
    ]);
    expect(await readFile(reading.quarantined ?? '')).toEqual(damaged);
    expect(await readFile(path)).toEqual(damaged);
  });

  it('gives each damaged journal a name of its own', async () => {
    await read(Buffer.from('nonsense'));
    await read(Buffer.from('other nonsense'));
    expect(await readdir(join(folder, 'quarantine'))).toEqual(['agent.journal-1', 'agent.journal-2']);
  });

  it('reads the batches of a journal whose beginning is gone', async () => {
    const { reading, state } = await read(Buffer.concat([Buffer.from('\0\0\0\n'), agent, framework, task]));
    expect(state.task('F', 't1')).toBeDefined();
    expect(reading.findings).toHaveLength(2);
    expect(reading.end).toBeUndefined();
  });

  it('leaves out a record that makes no sense, and goes on behind it', async () => {
    const impossible = (state: 'TASK_KILLED' | 'TASK_RUNNING', uuid: string): CheckpointRecord => ({
      ...{ kind: 'status', frameworkId: 'F', taskId: 't1' },
      status: { task_id: { value: 't1' }, state, uuid },
    });
    const statuses = batch(4, impossible('TASK_KILLED', 'u1'), impossible('TASK_RUNNING', 'u2'));
    const { reading, state } = await read(Buffer.concat([header, agent, framework, task, statuses]));
    expect(state.task('F', 't1')?.state).toBe('TASK_KILLED');
    expect(reading.findings).toEqual([
      `${path}: record 5 makes no sense and is left out: task F/t1 cannot go from TASK_KILLED to TASK_RUNNING`,
    ]);
  });

  it('puts aside what cannot be read at all', async () => {
    await mkdir(path);
    const { reading } = await read();
    expect(reading.findings[0]).toMatch('cannot be read: EISDIR');
    expect(await readdir(folder)).toEqual(['quarantine']);
  });

  it('refuses a journal of a newer version, and leaves it alone', async () => {
    await expect(read(Buffer.from('tranche-agent-journal 99\n'))).rejects.toThrow('was written by a newer version');
    expect(await readdir(folder)).toEqual(['agent.journal']);
  });
});
