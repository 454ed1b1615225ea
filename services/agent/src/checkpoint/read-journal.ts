import { link, readFile, rename } from 'node:fs/promises';
import type { AgentState } from './agent-state.js';
import { decodeJournal, JOURNAL_FORMAT } from './journal-format.js';
import { intoQuarantine, quarantineBeside } from './quarantine.js';
import { isDiskFull } from './replace-file.js';

/** Where a good journal can be written on when there is no room for a new one. */
export interface JournalEnd {
  readonly lastBatch: number;
  readonly sizeBytes: number;
}

export interface JournalReading {
  /** What was unreadable or made no sense, in words for the operator; empty for a journal in order, and for none. */
  readonly findings: readonly string[];
  /** Where the file as it was found is kept, when there are findings. */
  readonly quarantined?: string;
  /** Absent when there is no journal yet, or the one that is there cannot be written on. */
  readonly end?: JournalEnd;
}

/**
 * Brings what a journal tells into the state.
 *
 * Damage never keeps an agent from starting: what is readable counts, the file is kept under `quarantine/` beside it for those who want to
 * look, and is left in place until the next journal replaces it. An agent that was stopped in the middle of this finds everything as it was.
 *
 * @throws NewerFormatError, or the system's error when the file can neither be read nor put aside
 */
export async function readJournal(path: string, state: AgentState): Promise<JournalReading> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { findings: [] };
    const quarantined = await intoQuarantine(quarantineBeside(path), path, (place) => rename(path, place));
    return { findings: [`${path} cannot be read: ${message}`], quarantined };
  }
  const { records, damage, lastBatch, goodBytes, format } = decodeJournal(path, bytes);
  const findings = damage.map(({ message }) => message);
  for (const [index, record] of records.entries()) {
    try {
      state.apply(record);
    } catch (error) {
      findings.push(`${path}: record ${index + 1} makes no sense and is left out: ${(error as Error).message}`);
    }
  }
  if (findings.length > 0) {
    const quarantined = await intoQuarantine(quarantineBeside(path), path, (place) => link(path, place)).catch(
      (error: unknown) => {
        if (!isDiskFull(error)) throw error;
        findings.push(`${path}: no room to keep it as it was found`);
        return undefined;
      },
    );
    return { findings, ...(quarantined === undefined ? {} : { quarantined }) };
  }
  if (format !== JOURNAL_FORMAT) return { findings };
  return { findings, end: { lastBatch, sizeBytes: goodBytes } };
}
