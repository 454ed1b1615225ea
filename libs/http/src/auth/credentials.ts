import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credential } from '@tranche/config';

/** Tells whose credentials a request bears. */
export class Credentials {
  private readonly secrets = new Map<string, Buffer>();
  private readonly tokens: { readonly digest: Buffer; readonly principal: string }[] = [];

  constructor(credentials: readonly Credential[]) {
    for (const { principal, secret, token } of credentials) {
      if (secret !== undefined) this.secrets.set(principal, digestOf(secret));
      if (token !== undefined) this.tokens.push({ digest: digestOf(token), principal });
    }
  }

  /**
   * @param header value of `Authorization`
   * @returns the principal; undefined when there are no credentials, or others than ours
   * @source formats §8.1: the scheme's word as it is written, one space, one colon
   */
  principalOf(header: string | undefined): string | undefined {
    const [scheme, value, ...more] = (header ?? '').split(' ');
    if (value === undefined || more.length > 0) return undefined;
    if (scheme === 'Bearer') return this.ofToken(value);
    return scheme === 'Basic' ? this.ofSecret(value) : undefined;
  }

  private ofSecret(encoded: string): string | undefined {
    // Node would pass over what is no base64.
    if (!BASE64.test(encoded)) return undefined;
    const [principal, secret, ...more] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    if (principal === undefined || secret === undefined || more.length > 0) return undefined;
    const expected = this.secrets.get(principal);
    return expected !== undefined && timingSafeEqual(expected, digestOf(secret)) ? principal : undefined;
  }

  /** All are compared, so that the time tells nothing of which one it nearly was. */
  private ofToken(token: string): string | undefined {
    const given = digestOf(token);
    return this.tokens.filter(({ digest }) => timingSafeEqual(digest, given))[0]?.principal;
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The header of a request that bears a credential. */
export function authorizationOf({ principal, secret, token }: Credential): string {
  if (secret === undefined) return `Bearer ${token ?? ''}`;
  return `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}`;
}
