import { describe, expect, it } from 'vitest';
import { credentialsFor, parseDockerConfig } from './credentials.js';

const AUTH = Buffer.from('me:a:b').toString('base64');

describe('parseDockerConfig', () => {
  it('finds credentials by the host, however it is written', () => {
    const book = parseDockerConfig(
      JSON.stringify({
        auths: {
          'https://index.docker.io/v1/': { auth: AUTH },
          'registry.lan:5000': { username: 'u', password: 'p' },
          'helped.example.org': {},
        },
      }),
    );
    expect(book && credentialsFor(book, 'https://registry-1.docker.io')).toEqual({ username: 'me', password: 'a:b' });
    expect(book && credentialsFor(book, 'http://registry.lan:5000')).toEqual({ username: 'u', password: 'p' });
    expect(book && credentialsFor(book, 'https://helped.example.org')).toBeUndefined();
  });

  it('reads the old form without auths', () => {
    expect(parseDockerConfig(JSON.stringify({ 'https://quay.io': { auth: AUTH } }))?.size).toBe(1);
  });

  it('tells none from a broken one', () => {
    expect(parseDockerConfig(' ')?.size).toBe(0);
    expect(parseDockerConfig('{')).toBeUndefined();
    expect(parseDockerConfig('[1]')?.size).toBe(0);
    expect(parseDockerConfig('7')).toBeUndefined();
  });
});
