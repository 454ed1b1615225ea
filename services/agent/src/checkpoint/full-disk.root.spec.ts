import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileJournal } from './checkpoint.fs.js';
import { reserveOf } from './disk-reserve.js';
import { decodeJournal } from './journal-format.js';
import type { CheckpointRecord } from './record.js';

const agent = (agentId: string): CheckpointRecord => ({ kind: 'agent', agentId });
const KIBIBYTE = 1024;

/** A disk of 512 KiB that can be filled to the last block. */
describe('a journal on a full disk', () => {
  let disk: string;
  let path: string;
  let journal: FileJournal | undefined;
  const told: boolean[] = [];

  const start = async (end?: { lastBatch: number; sizeBytes: number }, records: CheckpointRecord[] = []) => {
    journal = await FileJournal.start(path, {
      snapshot: () => records,
      onFailure: (error) => {
        throw error;
      },
      onFull: (isFull) => told.push(isFull),
      reserveBytes: 16 * KIBIBYTE,
      end,
    });
    return journal;
  };
  /** Leaves not a block. */
  const fill = async (): Promise<void> => {
    const file = await open(join(disk, 'filler'), 'a');
    const block = Buffer.alloc(4 * KIBIBYTE);
    try {
      for (;;) await file.write(block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      await file.close();
    }
  };
  const empty = (): Promise<void> => rm(join(disk, 'filler'));
  const ids = (): string[] =>
    decodeJournal(path, readFileSync(path)).records.flatMap((record) =>
      record.kind === 'agent' ? [record.agentId] : [],
    );

  beforeEach(() => {
    told.splice(0);
    disk = mkdtempSync(join(tmpdir(), 'tranche-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk]);
    mkdirSync(join(disk, 'meta'));
    path = join(disk, 'meta', 'agent.journal');
  });
  afterEach(async () => {
    await journal?.close().catch(() => undefined);
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true });
  });

  it('writes on in the room that it has kept, and says that there is none for anything new', async () => {
    const journal = await start();
    expect(journal.shortage).toBeUndefined();
    await fill();
    for (let i = 0; i < 8; i++) await journal.append([agent(`${i}-${'x'.repeat(KIBIBYTE)}`)]);
    expect(journal.shortage).toBe(`no space left on the agent's disk, in ${join(disk, 'meta')}`);
    expect(ids()).toHaveLength(8);
    await empty();
    await expect.poll(() => journal.shortage, { timeout: 5_000 }).toBeUndefined();
    expect(told).toEqual([true, false]);
  });

  it('waits when even that is full, loses nothing, and goes on in order when there is room', async () => {
    const journal = await start();
    await fill();
    const appended = Array.from({ length: 40 }, (_, i) => journal.append([agent(`${i}-${'x'.repeat(KIBIBYTE)}`)]));
    const first = await Promise.race([
      Promise.all(appended),
      new Promise((resolve) => setTimeout(resolve, 300, 'waits')),
    ]);
    expect(first).toBe('waits');
    await empty();
    await Promise.all(appended);
    expect(ids().map((id) => Number(id.split('-')[0]))).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it('starts, in the room that was kept before or in the file that is there', async () => {
    const before = await start(undefined, [agent('a')]);
    await before.append([agent('b')]);
    await before.close();
    await fill();
    await rm(reserveOf(path));
    writeFileSync(join(disk, 'taken'), Buffer.alloc(4 * KIBIBYTE), { flag: 'a' });
    await fill();
    const { lastBatch, goodBytes } = decodeJournal(path, readFileSync(path));
    const after = await start({ lastBatch, sizeBytes: goodBytes }, [agent('x'.repeat(8 * KIBIBYTE))]);
    expect(after.shortage).toMatch('no space left');
    await after.append([agent('c')]);
    expect(ids()).toEqual(['a', 'b', 'c']);
  });

  it('cannot begin where there never was a journal', async () => {
    await fill();
    await expect(start()).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
