/** Names of what may hold a secret. */
const SECRET_NAME = /secret|password|passwd|token|credential|authorization|api[-_]?key|private[-_]?key/i;
const MASK = '********';

/** Credentials within an address. */
const IN_URL = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi;
/** `--password x`, `TOKEN=x` within a command. */
const IN_TEXT = /((?:secret|password|passwd|token|credential|api[-_]?key)s?["']?\s*[=: ]\s*["']?)([^\s"',;&]+)/gi;

/** The same document without what may be secret: members by their names, credentials in addresses, and what commands set. */
export function maskSecrets(value: unknown, name = ''): unknown {
  if (SECRET_NAME.test(name) && (typeof value === 'string' || typeof value === 'number')) return MASK;
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, name));
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  // Settings and labels come as a name beside its value.
  const [key] = [members['name'], members['key']].filter((one) => typeof one === 'string');
  return Object.fromEntries(
    Object.entries(members).map(([member, of]) => [
      member,
      maskSecrets(of, member === 'value' && typeof key === 'string' && SECRET_NAME.test(key) ? key : member),
    ]),
  );
}

export const maskText = (text: string): string => text.replace(IN_URL, `$1${MASK}@`).replace(IN_TEXT, `$1${MASK}`);
