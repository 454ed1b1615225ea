/** How a registry wants to be asked. @source RFC 9110, WWW-Authenticate; Docker Registry v2 authentication */
export interface Challenge {
  readonly scheme: 'basic' | 'bearer';
  /** Where a token is given. */
  readonly realm?: string;
  readonly service?: string;
  readonly scope?: string;
}

/** @returns undefined for a header that asks for neither. Bearer is preferred when both are offered */
export function parseChallenge(header: string | null): Challenge | undefined {
  const text = header ?? '';
  const bearer = /(?:^|,\s*)bearer\s+(?<parameters>.*)$/iu.exec(text)?.groups?.['parameters'];
  if (bearer !== undefined) {
    const values = new Map<string, string>();
    for (const { groups } of bearer.matchAll(/(?<name>[a-z]+)=(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s,]+))/giu)) {
      const value = groups?.['quoted']?.replaceAll(/\\(.)/gu, '$1') ?? groups?.['plain'] ?? '';
      const name = groups?.['name']?.toLowerCase() ?? '';
      if (!values.has(name)) values.set(name, value);
    }
    const [realm, service, scope] = ['realm', 'service', 'scope'].map((name) => values.get(name));
    return {
      scheme: 'bearer',
      ...(realm === undefined ? {} : { realm }),
      ...(service === undefined ? {} : { service }),
      ...(scope === undefined ? {} : { scope }),
    };
  }
  return /(?:^|,\s*)basic(?:\s|$)/iu.test(text) ? { scheme: 'basic' } : undefined;
}
