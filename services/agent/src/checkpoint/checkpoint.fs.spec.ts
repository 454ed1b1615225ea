import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointFailedError } from './checkpoint.errors.js';
import { FileJournal, type JournalOptions } from './checkpoint.fs.js';
import { decodeJournal } from './journal-format.js';
import type { CheckpointRecord } from './record.js';

/** What a start would find. */
const recordsOf = async (path: string) => decodeJournal(path, await readFile(path)).records;

const agent = (agentId: string): CheckpointRecord => ({ kind: 'agent', agentId });

describe('FileJournal', () => {
  let folder: string;
  let path: string;
  let journal: FileJournal | undefined;
  let failures: CheckpointFailedError[];
  let syncs: number;

  const start = async (options: Partial<JournalOptions> = {}): Promise<FileJournal> => {
    journal = await FileJournal.start(path, {
      snapshot: () => [],
      onFailure: (error) => failures.push(error),
      onSynced: () => (syncs += 1),
      reserveBytes: 4_096,
      ...options,
    });
    return journal;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agent-journal-'));
    path = join(folder, 'meta', 'agent.journal');
    failures = [];
    syncs = 0;
  });
  afterEach(async () => {
    await journal?.close().catch(() => undefined);
    await rm(folder, { recursive: true });
  });

  it('gives back what was appended', async () => {
    const journal = await start();
    await journal.append([agent('a'), agent('b')]);
    await journal.append([agent('c')]);
    expect(await recordsOf(path)).toEqual([agent('a'), agent('b'), agent('c')]);
  });

  it('makes everything that was appended in one turn durable at once', async () => {
    const journal = await start();
    await Promise.all(['a', 'b', 'c'].map((id) => journal.append([agent(id)])));
    expect(syncs).toBe(1);
  });

  it('goes on behind a torn batch', async () => {
    const before = await start();
    await before.append([agent('a')]);
    await before.close();
    await appendFile(path, '#2 400 00000000\n{"kind":"ag');
    const records = await recordsOf(path);
    const after = await start({ snapshot: () => records });
    await after.append([agent('b')]);
    expect(await recordsOf(path)).toEqual([agent('a'), agent('b')]);
  });

  it('replaces itself by a snapshot when it has grown', async () => {
    let newest = agent('none');
    const journal = await start({ snapshot: () => [newest], compactAboveBytes: 1_000 });
    for (let i = 0; i < 100; i++) {
      newest = agent(`a${i}`);
      await journal.append([newest]);
    }
    expect((await stat(path)).size).toBeLessThan(1_200);
    expect((await recordsOf(path)).at(-1)).toEqual(agent('a99'));
  });

  it('is readable by its owner alone: it holds environments of tasks', async () => {
    await start();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('fails every append after a failed write', async () => {
    const journal = await start();
    await journal.close();
    // Appending to a path whose folder is gone: compaction is the write that opens files.
    const broken = await start({ compactAboveBytes: 0, snapshot: () => [agent('x'.repeat(100))] });
    await rm(join(folder, 'meta'), { recursive: true });
    for (let i = 0; i < 5 && failures.length === 0; i++) {
      await broken.append([agent('y'.repeat(500))]).catch(() => undefined);
    }
    expect(failures).toHaveLength(1);
    await expect(broken.append([agent('z')])).rejects.toThrow(CheckpointFailedError);
  });

  it('begins with its format', async () => {
    await start();
    expect(await readFile(path, 'utf8')).toBe('tranche-agent-journal 3\n');
  });
});
