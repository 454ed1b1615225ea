import { describe, expect, it } from 'vitest';
import { authOptions, parseCredentials } from './auth-options.js';
import { loadConfig } from './load-config.js';

const read = (text: string) => loadConfig(authOptions, { env: { AUTH_CREDENTIALS: text } });

describe('AUTH_CREDENTIALS', () => {
  it('is a list of principals in the form of Mesos, or with tokens', () => {
    const credentials = [
      { principal: 'ops', secret: 's' },
      { principal: 'bot', token: 't' },
    ];
    expect(parseCredentials(JSON.stringify({ credentials }))).toEqual(credentials);
    expect(parseCredentials(' \n')).toEqual([]);
  });

  it.each([
    '{',
    '[]',
    '{"credentials":[{"principal":"ops"}]}',
    '{"credentials":[{"principal":"","secret":"x"}]}',
    '{"credentials":[{"principal":"a","password":"hush"}]}',
  ])('is refused without telling it: %s', (text) => {
    const told = (() => {
      try {
        read(text);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(told).toContain('AUTH_CREDENTIALS');
    expect(told).toContain('must be a JSON document');
    expect(told).not.toContain('hush');
  });
});
