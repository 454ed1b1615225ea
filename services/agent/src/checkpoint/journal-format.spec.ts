import { describe, expect, it } from 'vitest';
import { decodeJournal, encodeBatch, journalHeader } from './journal-format.js';

const line = (agentId: string): string => JSON.stringify({ kind: 'agent', agentId });
const journal = (...batches: Buffer[]): Buffer => Buffer.concat([Buffer.from(journalHeader()), ...batches]);
const first = encodeBatch(1, [line('a'), line('b')]);
const second = encodeBatch(2, [line('c')]);

describe('the journal format', () => {
  it('gives back the records of all batches in order', () => {
    expect(decodeJournal('j', journal(first, second))).toEqual({
      records: ['a', 'b', 'c'].map((agentId) => ({ kind: 'agent', agentId })),
      lastBatch: 2,
      goodBytes: journal(first, second).length,
      format: 3,
      damage: [],
    });
  });

  it('drops a batch that was cut anywhere, as a whole', () => {
    const whole = journal(first, second);
    const start = whole.length - second.length;
    for (let end = start; end < whole.length; end++) {
      expect(decodeJournal('j', whole.subarray(0, end))).toMatchObject({ lastBatch: 1, goodBytes: start, damage: [] });
    }
  });

  it('drops a last batch of which some bytes never reached the disk', () => {
    const whole = journal(first, second);
    whole.fill(0, whole.length - 9, whole.length - 5);
    expect(decodeJournal('j', whole)).toMatchObject({ lastBatch: 1, goodBytes: journal(first).length, damage: [] });
  });

  it('takes a bad batch before a good one for damage', () => {
    const whole = journal(first, second, encodeBatch(3, [line('d')]));
    const offset = journal(first).length;
    whole.write('X', offset + 20);
    const { damage, records } = decodeJournal('j', whole);
    expect(damage.map(({ message }) => message)).toEqual([
      `j is damaged at byte ${offset}: batch 2 is unreadable although batch 3 is there`,
    ]);
    expect(records).toHaveLength(3);
  });

  it('reads a journal of the version before', () => {
    const batch = encodeBatch(1, ['{"kind":"agent","agentId":"S0"}']);
    const bytes = Buffer.concat([Buffer.from('tranche-agent-journal 1\n'), batch]);
    expect(decodeJournal('j', bytes).records).toEqual([{ kind: 'agent', agentId: 'S0' }]);
  });

  it('refuses a journal of a newer version, and what is no journal', () => {
    expect(() => decodeJournal('j', Buffer.from('tranche-agent-journal 4\n'))).toThrow(
      'j was written by a newer version (format 4, this version reads 3)',
    );
    const [finding] = decodeJournal('j', Buffer.from('hello')).damage;
    expect(finding?.message).toMatch('does not begin as a journal of a Tranche agent');
  });
});
