import { describe, expect, it } from 'vitest';
import { parseChallenge } from './auth-challenge.js';

describe('parseChallenge', () => {
  it.each([
    ['Basic realm="x"', { scheme: 'basic' }],
    ['basic', { scheme: 'basic' }],
    [
      'Bearer realm="https://a/token",service="a, b",scope="repository:x:pull,push"',
      { scheme: 'bearer', realm: 'https://a/token', service: 'a, b', scope: 'repository:x:pull,push' },
    ],
    ['Bearer realm=https://a/t , service=s', { scheme: 'bearer', realm: 'https://a/t', service: 's' }],
    ['Basic realm="x", Bearer realm="https://a"', { scheme: 'bearer', realm: 'https://a' }],
    ['Negotiate', undefined],
    [null, undefined],
  ])('reads %j', (header, challenge) => {
    expect(parseChallenge(header)).toEqual(challenge);
  });
});
