import { describe, expect, it } from 'vitest';
import { authorizationOf, Credentials } from './credentials.js';

const OPS = { principal: 'ops', secret: 's3cret' };
const BOT = { principal: 'bot', token: 'a.b.c' };
const credentials = new Credentials([OPS, BOT]);
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('credentials', () => {
  it('tell the principal of a secret and of a token', () => {
    expect(credentials.principalOf(authorizationOf(OPS))).toBe('ops');
    expect(credentials.principalOf(authorizationOf(BOT))).toBe('bot');
    expect(authorizationOf(OPS)).toBe(basic('ops:s3cret'));
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['another secret', basic('ops:s3cre')],
    ['another principal', basic('root:s3cret')],
    ['a principal that has a token only', basic('bot:a.b.c')],
    ['no colon', basic('ops')],
    ['two colons', basic('ops:s3cret:')],
    ['the scheme in other letters', basic('ops:s3cret').replace('Basic', 'basic')],
    ['two spaces', basic('ops:s3cret').replace(' ', '  ')],
    ['something behind it', `${basic('ops:s3cret')} x`],
    ['another token', 'Bearer a.b.d'],
    ['a secret as token', 'Bearer s3cret'],
    ['a letter behind the base64', `${basic('ops:s3cret')}x`],
    ['an unknown scheme', 'Digest ops'],
  ])('know nobody by %s', (_what, header) => {
    expect(credentials.principalOf(header)).toBeUndefined();
  });
});
