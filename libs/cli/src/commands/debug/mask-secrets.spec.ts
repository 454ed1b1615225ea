import { describe, expect, it } from 'vitest';
import { maskSecrets, maskText } from './mask-secrets.js';

describe('maskSecrets', () => {
  it.each([
    [
      { token: 'a', deep: [{ dbPassword: 'b', name: 'c' }] },
      { token: '********', deep: [{ dbPassword: '********', name: 'c' }] },
    ],
    [
      { name: 'AUTH_SECRET', value: 'a', origin: 'env' },
      { name: 'AUTH_SECRET', value: '********', origin: 'env' },
    ],
    [
      { key: 'api-key', value: 'a' },
      { key: 'api-key', value: '********' },
    ],
    [{ labels: { SESSION_TOKEN: 'a', tier: 'web' } }, { labels: { SESSION_TOKEN: '********', tier: 'web' } }],
    [
      { tokens: 3, cpus: 1, none: null },
      { tokens: '********', cpus: 1, none: null },
    ],
  ])('hides by name: %j', (value, expected) => {
    expect(maskSecrets(value)).toEqual(expected);
  });

  it.each([
    ['amqp://user:pass@host:5672/v', 'amqp://********@host:5672/v'],
    ['server --password hunter2 --port 80', 'server --password ******** --port 80'],
    ['TOKEN=abc ./run', 'TOKEN=******** ./run'],
    ['{"password":"abc"}', '{"password":"********"}'],
    ['http://host/path', 'http://host/path'],
  ])('hides within texts: %s', (text, expected) => {
    expect(maskText(text)).toBe(expected);
    expect(maskSecrets({ command: text })).toEqual({ command: expected });
  });
});
