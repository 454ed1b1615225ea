import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { alsoToFile } from './also-to-file.js';
import { putAsideIfLarge } from './put-aside.js';

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

it('says to the file alone what happens all the time, and puts the file aside when it is full', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tranche-log-'));
  const shown: string[] = [];
  const terminal = createLogger({
    service: 'r',
    level: 'warn',
    format: 'json',
    write: (line) => void shown.push(line),
  });
  const file = join(folder, 'registry.log');
  const logger = alsoToFile(terminal, 'r', file, 500);
  for (let i = 0; i < 6; i++) logger.each?.('info', 'message handled', () => ({ i, text: 'x'.repeat(100) }));
  logger.each?.('debug', 'message handled', () => expect.unreachable());
  const numbers = (path: string) =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { i: number }).i);
  expect([shown, numbers(`${file}.1`), numbers(file)]).toEqual([[], [0, 1, 2], [3, 4, 5]]);
  rmSync(folder, { recursive: true });
});

it('puts a large file aside before a process appends to it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tranche-log-'));
  const file = join(folder, 'offers.log');
  putAsideIfLarge(file, 3);
  writeFileSync(file, 'abc');
  putAsideIfLarge(file, 3);
  expect(existsSync(file)).toBe(true);
  writeFileSync(file, 'abcd');
  putAsideIfLarge(file, 3);
  expect([existsSync(file), readFileSync(`${file}.1`, 'utf8')]).toEqual([false, 'abcd']);
  rmSync(folder, { recursive: true });
});
