import { z } from 'zod';

const schema = z.strictObject({
  disabled_endpoints: z.strictObject({ paths: z.array(z.string().startsWith('/', 'must begin with /')) }),
});

export type ParsedFirewall =
  | { readonly ok: true /** Paths that nobody is answered. */; readonly disabledPaths: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/**
 * Reads rules in the form of Mesos' `--firewall_rules`: `{"disabled_endpoints":{"paths":["/files/browse"]}}`.
 *
 * @param text empty: there are none
 * @source formats §8.1
 */
export function parseFirewallRules(text: string): ParsedFirewall {
  if (text.trim() === '') return { ok: true, disabledPaths: [] };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    return { ok: false, mistakes: [`is no JSON: ${(cause as Error).message}`] };
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return { ok: true, disabledPaths: parsed.data.disabled_endpoints.paths };
  return {
    ok: false,
    mistakes: parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')),
  };
}
