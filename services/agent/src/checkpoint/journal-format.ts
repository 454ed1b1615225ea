import { crc32 } from 'node:zlib';
import { CorruptJournalError, NewerFormatError } from './checkpoint.errors.js';
import type { CheckpointRecord } from './record.js';

/**
 * The journal's text: a header, then batches.
 *
 *     tranche-agent-journal 3
 *     #1 214 9af0c1d2          number, bytes that follow, their CRC-32
 *     {"kind":"agent",…}       one record a line
 *     {"kind":"task",…}
 *     #2 …
 *
 * A batch is what one write brought to disk, and batch n+1 is written only when n is safe. So a bad batch at the end was never relied on
 * and is dropped as a whole, and a bad batch before a good one is damage: what is good around it is read all the same.
 *
 * Format 2 has records of operations and executors, format 3 of containers of the agent API's; older journals are read as they are.
 */
export const JOURNAL_FORMAT = 3;

const HEADER = /^tranche-agent-journal (\d{1,9})\n/;
const BATCH = /^#(\d+) (\d+) ([0-9a-f]{8})\n/;
const NEWLINE = 10;
const HASH = 35;
/** No batch header is longer. */
const MAX_BATCH_HEADER_BYTES = 64;

/** First line of every journal. */
export const journalHeader = (): string => `tranche-agent-journal ${JOURNAL_FORMAT}\n`;

/** One batch as it is written. @param lines records as JSON, at least one */
export function encodeBatch(number: number, lines: readonly string[]): Buffer {
  const payload = Buffer.from(`${lines.join('\n')}\n`);
  return Buffer.concat([Buffer.from(`#${number} ${payload.length} ${checksum(payload)}\n`), payload]);
}

export interface DecodedJournal {
  /** Of every good batch, in order. */
  readonly records: readonly CheckpointRecord[];
  /** Number of the last good batch. */
  readonly lastBatch: number;
  /** Where the last good batch ends; what follows belongs to a batch that was never finished. */
  readonly goodBytes: number;
  /** Undefined when the header cannot be read. */
  readonly format: number | undefined;
  /** What is unreadable although it had been safely written; empty for a journal in order, a torn batch at its end included. */
  readonly damage: readonly CorruptJournalError[];
}

/**
 * Reads what can be read.
 *
 * @param path for messages only
 * @throws NewerFormatError
 */
export function decodeJournal(path: string, bytes: Buffer): DecodedJournal {
  const header = HEADER.exec(bytes.toString('latin1', 0, MAX_BATCH_HEADER_BYTES));
  const format = header === null ? undefined : Number(header[1]);
  if (format !== undefined && format > JOURNAL_FORMAT) throw new NewerFormatError(path, format, JOURNAL_FORMAT);
  const damage: CorruptJournalError[] = [];
  const report = (offset: number, finding: string): void => {
    damage.push(new CorruptJournalError(path, offset, finding));
  };
  if (header === null) report(0, 'it does not begin as a journal of a Tranche agent');
  const records: CheckpointRecord[] = [];
  let offset = header?.[0].length ?? 0;
  let lastBatch = 0;
  for (;;) {
    const next = nextBatch(bytes, offset, lastBatch);
    if (next === undefined) break;
    const { number, at, payload, end } = next;
    if (at !== offset || number !== lastBatch + 1) {
      report(offset, `batch ${lastBatch + 1} is unreadable although batch ${number} is there`);
    }
    for (const line of payload.toString().split('\n')) {
      if (line === '') continue;
      const record = parse(line);
      if (record === undefined) report(at, `batch ${number} has a record that is no JSON`);
      else records.push(record);
    }
    lastBatch = number;
    offset = end;
  }
  return { records, lastBatch, goodBytes: offset, format, damage };
}

function parse(line: string): CheckpointRecord | undefined {
  try {
    return JSON.parse(line) as CheckpointRecord;
  } catch {
    return undefined;
  }
}

/** The good batch that begins at the offset; undefined for anything else. */
function batchAt(bytes: Buffer, offset: number): { number: number; payload: Buffer; end: number } | undefined {
  const match = BATCH.exec(bytes.toString('latin1', offset, offset + MAX_BATCH_HEADER_BYTES));
  if (match === null) return undefined;
  const start = offset + match[0].length;
  const end = start + Number(match[2]);
  if (end > bytes.length) return undefined;
  const payload = bytes.subarray(start, end);
  return checksum(payload) === match[3] ? { number: Number(match[1]), payload, end } : undefined;
}

/** The first good batch at the offset or beyond it that was written after `lastBatch`. */
function nextBatch(
  bytes: Buffer,
  offset: number,
  lastBatch: number,
): { number: number; at: number; payload: Buffer; end: number } | undefined {
  for (let at = bytes.indexOf(HASH, offset); at !== -1; at = bytes.indexOf(HASH, at + 1)) {
    if (at > 0 && bytes[at - 1] !== NEWLINE) continue;
    const batch = batchAt(bytes, at);
    if (batch !== undefined && batch.number > lastBatch) return { ...batch, at };
  }
  return undefined;
}

const checksum = (payload: Buffer): string => crc32(payload).toString(16).padStart(8, '0');
