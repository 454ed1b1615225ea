import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OwnLog } from './own-log.js';

describe('OwnLog', () => {
  let folder: string;
  let log: OwnLog;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tranche-log-'));
    log = new OwnLog(join(folder, 'registry.log'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is at one path, if it is known', () => {
    expect(['/master/log', '/master/log/', '/master', '/', '/etc/passwd'].map((path) => log.isAt(path))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(new OwnLog(undefined).isAt('/master/log')).toBe(false);
  });

  it('is read in parts, and as a whole', async () => {
    appendFileSync(log.file ?? '', 'a'.repeat(100_000));
    expect(await log.text({ offset: 99_998 })).toEqual({ offset: 99_998, data: 'aa' });
    const part = await log.bytes({ offset: 0 });
    expect([part?.sizeBytes, part?.bytes.length]).toEqual([100_000, 65_536]);
    let length = 0;
    for await (const piece of log.whole(100_000)) length += piece.length;
    expect(length).toBe(100_000);
  });

  it('is nothing when the file is not there', async () => {
    expect(await log.bytes({})).toBeUndefined();
  });
});
