import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { alsoToFile } from './also-to-file.js';

it('says to the terminal what is said there anyway, and to the file what its dial lets through', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tranche-log-'));
  const shown: string[] = [];
  const terminal = createLogger({
    service: 'r',
    level: 'warn',
    format: 'json',
    write: (line) => void shown.push(line),
  });
  const file = join(folder, 'logs', 'registry.log');
  const logger = alsoToFile(terminal, 'r', file);
  logger.info('one');
  logger.debug('two');
  logger.warn('three');
  logger.dial?.set('debug');
  logger.debug('four');
  const messages = (lines: readonly string[]) => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  expect(messages(shown)).toEqual(['three']);
  expect(messages(readFileSync(file, 'utf8').trim().split('\n'))).toEqual(['one', 'three', 'four']);
  rmSync(folder, { recursive: true });
});
