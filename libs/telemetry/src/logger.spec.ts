import { describe, expect, it } from 'vitest';
import { runInTrace } from './active-context.js';
import { createLogger } from './logger.js';

const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true };

function captured(format: 'json' | 'pretty'): { lines: string[]; logger: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  return { lines, logger: createLogger({ service: 'offers', level: 'info', format, write: (l) => lines.push(l) }) };
}

describe('createLogger', () => {
  it('writes one JSON object a line with the fields and the active trace', () => {
    const { lines, logger } = captured('json');
    runInTrace(trace, () => logger.info('task launched', { taskId: 't1' }));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      service: 'offers',
      msg: 'task launched',
      taskId: 't1',
      traceId: trace.traceId,
      spanId: trace.spanId,
    });
  });

  it('leaves out what is below its level', () => {
    const { lines, logger } = captured('json');
    logger.debug('detail');
    expect(lines).toEqual([]);
  });

  it('shows errors with code and stack', () => {
    const { lines, logger } = captured('json');
    logger.error('failed', { error: Object.assign(new Error('boom'), { code: 'x/y' }) });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: { message: 'boom', code: 'x/y' } });
  });

  it('writes text for a terminal', () => {
    const { lines, logger } = captured('pretty');
    logger.warn('agent silent', { agentId: 'S1' });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} warn {2}offers {4}agent silent {2}agentId=S1\n$/);
  });
});
