import { describe, expect, it } from 'vitest';
import { explainStartError } from './explain-start-error.js';
import { LocalStartError } from './local.errors.js';

describe('explainStartError', () => {
  it('prints a known reason with what to do and exit code 1', () => {
    const error = new LocalStartError('local/port-in-use', 'port 5050 is in use by nginx (pid 7)', ['another one: …']);
    expect(explainStartError(error, 'services')).toEqual({
      text: 'error: port 5050 is in use by nginx (pid 7)\n  another one: …\n',
      exitCode: 1,
    });
  });

  it('names the part for any other reason', () => {
    expect(explainStartError(new Error('disk full'), 'agents').text).toBe('error: agents cannot start: disk full\n');
  });

  it('takes a bad option for wrong usage', () => {
    const error = Object.assign(new Error('AGENT_RESOURCES: bad'), { code: 'agent/bad-option' });
    expect(explainStartError(error, 'agents')).toMatchObject({ exitCode: 2 });
  });
});
