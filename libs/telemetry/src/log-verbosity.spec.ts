import { describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.js';
import { LogVerbosity } from './log-verbosity.js';
import { createLogger, silentLogger } from './logger.js';

describe('LogVerbosity', () => {
  it('is raised for as long as was asked, then as it was configured', () => {
    const lines: string[] = [];
    const logger = createLogger({ service: 'agent', level: 'warn', format: 'json', write: (line) => lines.push(line) });
    const clock = new FakeClock();
    const verbosity = new LogVerbosity(logger, clock);
    logger.debug('before');
    expect(verbosity.level).toBe(0);
    expect(verbosity.set(1, 1_000)).toBe(true);
    expect(verbosity.level).toBe(1);
    logger.debug('while');
    clock.advance(1_000);
    expect(verbosity.level).toBe(0);
    logger.info('after');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['while']);
  });

  it('lasts as long as the last call says', () => {
    const logger = createLogger({ service: 'agent', level: 'info', format: 'json', write: () => undefined });
    const clock = new FakeClock();
    const verbosity = new LogVerbosity(logger, clock);
    verbosity.set(1, 1_000);
    verbosity.set(2, 5_000);
    clock.advance(2_000);
    expect(verbosity.level).toBe(1);
    verbosity.set(0, 5_000);
    expect(verbosity.level).toBe(0);
  });

  it('says so when the log is not its own', () => {
    expect(new LogVerbosity(silentLogger, new FakeClock()).set(1, 1)).toBe(false);
  });
});
