import { describe, expect, it } from 'vitest';
import { createLogger, silentLogger } from './logger.js';
import { RecentLog } from './recent-log.js';
import { recordedLogger } from './recorded-logger.js';
import { silentTracer } from './tracing/tracer.js';

const line = (message: string, fields: Record<string, unknown> = {}) => ({
  ...{ timeMs: 5, level: 'info' as const, message, fields },
});
const messages = (log: RecentLog): string[] => log.lines.map(({ message }) => message);

describe('RecentLog', () => {
  it('keeps the last lines, and counts on', () => {
    const log = new RecentLog(2);
    for (const text of ['one', 'two', 'three']) log.add(line(text));
    expect(log.lines.map(({ number, message }) => [number, message])).toEqual([
      [2, 'two'],
      [3, 'three'],
    ]);
  });

  it('keeps no more than so many bytes, and of one line no more than tells something', () => {
    const log = new RecentLog(100, 100);
    log.add(line('one', { text: 'x'.repeat(60) }));
    log.add(line('two', { text: 'x'.repeat(60) }));
    expect(messages(log)).toEqual(['two']);
    const roomy = new RecentLog();
    roomy.add(line('long', { text: 'x'.repeat(1 << 20) }));
    expect(roomy.lines[0]?.fields.length).toBeLessThan(9_000);
    expect(Object.keys(JSON.parse(roomy.lines[0]?.fields ?? ''))).toEqual(['cut']);
  });

  it('shows no credentials of an address, and what was said is not changed later', () => {
    const log = new RecentLog();
    const fields = { error: 'connect amqp://user:hunter2@broker:5672 refused', tries: 1 };
    log.add(line('cannot reach mysql://root:hunter2@db/x', fields));
    fields.tries = 2;
    const [kept] = log.lines;
    expect(kept?.message).toBe('cannot reach mysql://********@db/x');
    expect(JSON.parse(kept?.fields ?? '')).toEqual({ error: 'connect amqp://********@broker:5672 refused', tries: 1 });
  });

  it('takes no longer over a long word than over as many short ones', () => {
    const spentMs = (name: string): number => {
      const startMs = performance.now();
      new RecentLog().add(line(name, { name }));
      return performance.now() - startMs;
    };
    const letters = 200_000;
    const [short, long] = [`${'a '.repeat(letters / 2)} ://`, `${'a'.repeat(letters)} ://`];
    spentMs(short);
    // Read once for each letter it is ten thousand times as long; read once, some thirty at most.
    expect(spentMs(long)).toBeLessThan(500 * Math.max(1, spentMs(short)));
  });

  it('takes fields that are no JSON', () => {
    const log = new RecentLog();
    const fields: Record<string, unknown> = {};
    fields['self'] = fields;
    log.add(line('odd', fields));
    expect(log.lines[0]?.fields).toContain('unreadable');
  });
});

describe('recordedLogger', () => {
  it('keeps its last lines whatever the level at which it writes, details only while they are asked for', () => {
    const written: string[] = [];
    const write = (text: string) => void written.push(text);
    const logger = recordedLogger(createLogger({ service: 's', level: 'error', format: 'json', write }), silentTracer);
    logger.info('one', { error: new Error('why') });
    logger.debug('two');
    logger.dial?.set('debug');
    logger.debug('three');
    expect(messages(logger.recent)).toEqual(['one', 'three']);
    expect(JSON.parse(logger.recent.lines[0]?.fields ?? '')).toEqual({ error: 'why' });
    expect(written).toHaveLength(1);
    expect(recordedLogger(silentLogger, silentTracer).dial).toBeUndefined();
  });
});
